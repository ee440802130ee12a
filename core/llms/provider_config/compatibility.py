"""Stored parameters against what a model takes: what can be sent, what is kept and never sent, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.llms.provider_config.called_models import CalledModel
from core.llms.provider_config.errors import ConfigValidationError
from core.llms.provider_config.parameter_names import field_of
from core.llms.provider_config.schemas import LLMParametersBase
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.types.parameters import SAMPLING_PARAMS


@dataclass(frozen=True, slots=True)
class Compatibility:
    """What becomes of effective parameters with one model, and the wire that it is spoken to on.

    `sendable` has neutral names. `unsupported` and `problems` have the names of the stored fields: the first are never
    sent, the second have values that somebody chose and a call would be refused for, each with what would be right.
    `reasons` says, by neutral names, why each of both is not sent.
    """

    sendable: Mapping[str, Any]
    unsupported: tuple[str, ...]
    problems: Mapping[str, str]
    reasons: Mapping[str, str]

    @property
    def left_out(self) -> dict[str, str]:
        """What is stored and not sent, by stored names, each with the reason."""
        return {field_of(name): reason for name, reason in self.reasons.items()}


def check_compatibility(called: CalledModel, parameters: LLMParametersBase) -> Compatibility:
    """Sort parameters, with what they inherit, by what becomes of them with a model.

    What is sendable, a call goes through with. A preset was chosen for a use, not for the model: what of it the model
    does not take as it is, is not sent.
    """
    effective = parameters.effective()
    stated = effective.stated
    reasons, wrong = _refuse_stated(called, stated)
    sendable = {name: value for name, value in stated.items() if name not in reasons}
    unsupported = [field_of(name) for name in reasons if name not in wrong]
    problems = {field_of(name): f"`{field_of(name)}`: {reasons[name]}" for name in reasons if name in wrong}
    for name, value in effective.offered.items():
        refusal = _refusal_of_offer(called, name, value, stated, sendable)
        if refusal is None:
            sendable[name] = value
        else:
            unsupported.append(field_of(name))
            reasons[name] = refusal
    return Compatibility(sendable, tuple(unsupported), problems, reasons)


def _refuse_stated(called: CalledModel, stated: Mapping[str, Any]) -> tuple[dict[str, str], set[str]]:
    """Return why what was chosen is not sent, by name, and the names of which another value would be."""
    metadata = called.metadata
    refusals = {name: metadata.refusal_of(name, value, stated) for name, value in stated.items()}
    reasons = {name: refusal for name, refusal in refusals.items() if refusal is not None}
    wrong = {name for name in reasons if _is_taken(metadata, name, stated)}
    of_wire = called.wire_refusals({name: value for name, value in stated.items() if name not in reasons})
    reasons |= {name: refusal.reason for name, refusal in of_wire.items()}
    wrong |= {name for name, refusal in of_wire.items() if refusal.is_of_value}
    return {name: reasons[name] for name in stated if name in reasons}, wrong


def _refusal_of_offer(
    called: CalledModel, name: str, value: Any, stated: Mapping[str, Any], sendable: Mapping[str, Any]
) -> str | None:
    """Say why a preset's value is left out: the model refuses it, or with it something else that is sent."""
    metadata = called.metadata
    given = {**stated, **sendable}
    together = {**given, name: value}
    refusal = metadata.refusal_of(name, value, together)
    if refusal is not None:
        return refusal
    for other, kept in given.items():
        if metadata.refusal_of(other, kept, given) is None and metadata.refusal_of(other, kept, together):
            return f"with it the model would not take `{other}`"
    return called.refusal_of({**sendable, name: value})


def _is_taken(metadata: type[BaseMetadata], name: str, given: Mapping[str, Any]) -> bool:
    """Tell whether the model takes the parameter at all, with some other value."""
    if metadata.SUPPORTED_PARAMS is not None and name not in metadata.SUPPORTED_PARAMS:
        return False
    reasoning = metadata.SAMPLING == "unless_reasoning" and metadata.is_reasoning(given)
    return name not in SAMPLING_PARAMS or not (metadata.SAMPLING == "never" or reasoning)


def require_compatible(provider: str, model_id: str, parameters: LLMParametersBase, called: CalledModel) -> None:
    """Raise `ConfigValidationError` for values that the model would refuse; what it does not take at all may stay."""
    problems = check_compatibility(called, parameters).problems
    if problems:
        raise ConfigValidationError(problems, provider=provider, model=model_id)
