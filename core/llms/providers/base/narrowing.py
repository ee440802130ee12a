"""A model's metadata as one way of calling it allows: parameters that the model knows, and this way does not."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, ClassVar

from core.llms.providers.base.metadata import BaseMetadata


class _Narrowed(BaseMetadata):
    REFUSED: ClassVar[Set[str]] = frozenset()
    REFUSAL: ClassVar[str] = ""

    @classmethod
    def refusal_of(cls, name: str, value: Any, params: Mapping[str, Any]) -> str | None:
        return f"`{name}` {cls.REFUSAL}" if name in cls.REFUSED else super().refusal_of(name, value, params)


_MADE: dict[tuple[type[BaseMetadata], frozenset[str], str], type[BaseMetadata]] = {}


def refuse_params(metadata: type[BaseMetadata], names: frozenset[str], reason: str) -> type[BaseMetadata]:
    """Return the same facts without these parameters; `reason` follows the parameter's name in the refusal.

    The class is made once for the same arguments. A parameter that the model refuses anyway keeps its own refusal.
    """
    known = metadata.SUPPORTED_PARAMS
    if known is not None and not names & known:
        return metadata
    made = _MADE.get((metadata, names, reason))
    if made is None:
        made = _MADE[metadata, names, reason] = _narrow(metadata, names, reason)
    return made


def _narrow(metadata: type[BaseMetadata], names: frozenset[str], reason: str) -> type[BaseMetadata]:
    known = metadata.SUPPORTED_PARAMS
    facts = {"REFUSED": names, "REFUSAL": reason, "SUPPORTED_PARAMS": None if known is None else known - names}
    return type(metadata.__name__, (_Narrowed, metadata), facts)
