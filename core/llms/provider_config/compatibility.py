"""Stored parameters against what a model takes: what can be sent, what is kept and never sent, what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from core.llms.configs.base.validation import find_metadata as find_listed_metadata
from core.llms.create import find_factory, list_providers
from core.llms.errors import ConfigurationError
from core.llms.provider_config.errors import ConfigValidationError
from core.llms.provider_config.schemas import NEUTRAL_NAMES, LLMParametersBase
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.types.parameters import SAMPLING_PARAMS

_FIELDS = {neutral: field for field, neutral in NEUTRAL_NAMES.items()}


@dataclass(frozen=True, slots=True)
class Compatibility:
    """What becomes of parameters with one model.

    `sendable` has neutral names. `unsupported` and `problems` have the names of the stored fields: the first are kept
    and never sent, the second have values that the model would refuse, each with what would be right.
    """

    sendable: Mapping[str, Any]
    unsupported: tuple[str, ...]
    problems: Mapping[str, str]


def find_metadata(provider: str, model_id: str) -> type[BaseMetadata]:
    """Return what is known of a model. Raises `ConfigValidationError` for a provider that is not known."""
    require_factory(provider, "provider_name")
    return find_listed_metadata(provider, model_id, {})


def require_factory(provider: str, field: str) -> Callable[..., Any]:
    """Return a provider's factory. Raises `ConfigValidationError`, which names the field and what may be meant."""
    try:
        return find_factory(provider)
    except ConfigurationError as error:
        close = get_close_matches(provider, list_providers(), 1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ConfigValidationError({field: f"no provider is called {provider!r}{hint}"}) from error


def check_compatibility(metadata: type[BaseMetadata], parameters: LLMParametersBase) -> Compatibility:
    """Sort parameters by what becomes of them with a model."""
    given = parameters.neutral()
    sendable: dict[str, Any] = {}
    unsupported: list[str] = []
    problems: dict[str, str] = {}
    for name, value in given.items():
        refusal = metadata.refusal_of(name, value, given)
        field = _FIELDS.get(name, name)
        if refusal is None:
            sendable[name] = value
        elif _is_taken(metadata, name, given):
            problems[field] = f"`{field}`: {refusal}"
        else:
            unsupported.append(field)
    return Compatibility(sendable, tuple(unsupported), problems)


def _is_taken(metadata: type[BaseMetadata], name: str, given: Mapping[str, Any]) -> bool:
    """Tell whether the model takes the parameter at all, with some other value."""
    if metadata.SUPPORTED_PARAMS is not None and name not in metadata.SUPPORTED_PARAMS:
        return False
    reasoning = metadata.SAMPLING == "unless_reasoning" and metadata.is_reasoning(given)
    return name not in SAMPLING_PARAMS or not (metadata.SAMPLING == "never" or reasoning)


def require_compatible(provider: str, model_id: str, parameters: LLMParametersBase) -> None:
    """Raise `ConfigValidationError` for values that the model would refuse; what it does not take at all may stay."""
    problems = check_compatibility(find_metadata(provider, model_id), parameters).problems
    if problems:
        raise ConfigValidationError(problems, provider=provider, model=model_id)
