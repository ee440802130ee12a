"""`ServerKind`: by what a server is known, and how it is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

MODELS_PATH: Final = "/v1/models"


def _no_facts(body: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerKind:
    """A kind of server.

    `ports` are those where it usually listens. It is known by `recognises`, which gets what the server answers at
    `path`; `provider` calls it, at its address and `base_path`. `read_facts` reads what that answer tells of models
    that the provider's list does not: by the model's name, fields of `LLMProfile` and `LLMCapabilities`.
    """

    name: str
    provider: str
    path: str
    recognises: Callable[[Mapping[str, Any]], bool]
    ports: tuple[int, ...] = ()
    base_path: str = "/v1"
    read_facts: Callable[[Mapping[str, Any]], Mapping[str, Mapping[str, Any]]] = _no_facts


def entries_of(body: Mapping[str, Any], field: str = "data") -> list[Mapping[str, Any]]:
    """Return the entries of a list of models; none where there is no such list."""
    entries = body.get(field)
    return [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, list) else []


def is_owned_by(owner: str) -> Callable[[Mapping[str, Any]], bool]:
    """Make the question whether a list's models say that they are a server's."""
    return lambda body: any(entry.get("owned_by") == owner for entry in entries_of(body))
