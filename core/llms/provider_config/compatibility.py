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
from core.llms.provider_config.parameter_names import field_of
from core.llms.provider_config.schemas import LLMParametersBase
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.types.parameters import SAMPLING_PARAMS


@dataclass(frozen=True, slots=True)
class Compatibility:
    """What becomes of effective parameters with one model.

    `sendable` has neutral names. `unsupported` and `problems` have the names of the stored fields: the first are never
    sent, the second have values that somebody chose and the model would refuse, each with what would be right.
    `reasons` says, by neutral names, why each of both is not sent.
    """

    sendable: Mapping[str, Any]
    unsupported: tuple[str, ...]
    problems: Mapping[str, str]
    reasons: Mapping[str, str]


def find_metadata(provider: str, model_id: str, settings: Mapping[str, Any] | None = None) -> type[BaseMetadata]:
    """Return what is known of a model as these arguments of its factory have it: a wire, a version of the API.

    Raises `ConfigValidationError` for a provider that is not known.
    """
    require_factory(provider, "provider_name")
    try:
        return find_listed_metadata(provider, model_id, settings or {})
    except ConfigurationError:
        # What is wrong with the settings is found when they are used; what is known of the model holds in any case.
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
    """Sort parameters, with what they inherit, by what becomes of them with a model.

    A preset was chosen for a use, not for the model: what of it the model does not take as it is, is not sent.
    """
    effective = parameters.effective()
    stated = effective.stated
    sendable: dict[str, Any] = {}
    unsupported: list[str] = []
    problems: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for name, value in stated.items():
        refusal = metadata.refusal_of(name, value, stated)
        field = field_of(name)
        if refusal is None:
            sendable[name] = value
            continue
        reasons[name] = refusal
        if _is_taken(metadata, name, stated):
            problems[field] = f"`{field}`: {refusal}"
        else:
            unsupported.append(field)
    for name, value in effective.offered.items():
        refusal = _refusal_of_offer(metadata, name, value, {**stated, **sendable})
        if refusal is None:
            sendable[name] = value
        else:
            unsupported.append(field_of(name))
            reasons[name] = refusal
    return Compatibility(sendable, tuple(unsupported), problems, reasons)


def _refusal_of_offer(metadata: type[BaseMetadata], name: str, value: Any, given: Mapping[str, Any]) -> str | None:
    """Say why a preset's value is left out: the model refuses it, or with it something else that is sent."""
    together = {**given, name: value}
    refusal = metadata.refusal_of(name, value, together)
    if refusal is not None:
        return refusal
    for other, kept in given.items():
        if metadata.refusal_of(other, kept, given) is None and metadata.refusal_of(other, kept, together):
            return f"with it the model would not take `{other}`"
    return None


def _is_taken(metadata: type[BaseMetadata], name: str, given: Mapping[str, Any]) -> bool:
    """Tell whether the model takes the parameter at all, with some other value."""
    if metadata.SUPPORTED_PARAMS is not None and name not in metadata.SUPPORTED_PARAMS:
        return False
    reasoning = metadata.SAMPLING == "unless_reasoning" and metadata.is_reasoning(given)
    return name not in SAMPLING_PARAMS or not (metadata.SAMPLING == "never" or reasoning)


def require_compatible(
    provider: str, model_id: str, parameters: LLMParametersBase, metadata: type[BaseMetadata]
) -> None:
    """Raise `ConfigValidationError` for values that the model would refuse; what it does not take at all may stay."""
    problems = check_compatibility(metadata, parameters).problems
    if problems:
        raise ConfigValidationError(problems, provider=provider, model=model_id)
