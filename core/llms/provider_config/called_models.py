"""A model as a configuration calls it: what is known of it, and what its wire takes. Nothing is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.llms.configs.base.validation import create_unconnected
from core.llms.configs.base.validation import find_metadata as find_listed_metadata
from core.llms.create import list_providers
from core.llms.errors import ConfigurationError, InvalidRequestError
from core.llms.provider_config.factories import require_factory
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.providers.base.parameter_refusals import find_refusals
from core.llms.types.parameters import (
    PARAM_METADATA,
    PARAM_REASONING_EFFORT,
    PARAM_REASONING_SUMMARY,
    REASONING_EFFORTS,
)

# Where wires take some values of a parameter and refuse others: values that one or another of them takes.
_OTHER_VALUES: Final[Mapping[str, Sequence[Any]]] = {
    PARAM_REASONING_EFFORT: REASONING_EFFORTS,
    PARAM_REASONING_SUMMARY: ("auto", "concise", "detailed"),
    PARAM_METADATA: ({"user_id": "somebody"},),
}


@dataclass(frozen=True, slots=True)
class WireRefusal:
    """Why a wire refuses a parameter. Where `is_of_value`, it takes another value of it."""

    reason: str
    is_of_value: bool


@dataclass(frozen=True, slots=True)
class CalledModel:
    """What is known of a model, and the LLM that would call it; None where that is not known, or gives no answers."""

    metadata: type[BaseMetadata]
    llm: BaseLLM | None = None

    def refusal_of(self, values: Mapping[str, Any]) -> str | None:
        """Say why a call with these parameters would be refused before it is sent; None where it would not, or where
        that is not known.
        """
        given: Any = values
        try:
            if self.llm is not None:
                self.llm.render_answer("Hi", **given)
        except InvalidRequestError as error:
            return error.message
        return None

    def wire_refusals(self, values: Mapping[str, Any]) -> dict[str, WireRefusal]:
        """Say which of the parameters that a model takes its wire refuses; without these a call goes through.

        One that is refused only beside others is named where those came first.
        """
        refusals = find_refusals(self.refusal_of, values)
        taken = {name: value for name, value in values.items() if name not in refusals}
        return {name: WireRefusal(reason, self._takes_other(name, taken)) for name, reason in refusals.items()}

    def _takes_other(self, name: str, beside: Mapping[str, Any]) -> bool:
        others = _OTHER_VALUES.get(name, ())
        return any(self.refusal_of({**beside, name: other}) is None for other in others)


def find_called_model(provider: str, model_id: str, settings: Mapping[str, Any] | None = None) -> CalledModel:
    """Return a model as these arguments of its factory have it: a wire, a version of the API, a place.

    Raises `ConfigValidationError` for a provider that is not known.
    """
    require_factory(provider, "provider_name")
    if provider not in list_providers():
        return CalledModel(find_listed_metadata(provider, model_id, {}))
    try:
        llm = create_unconnected(provider, model_id, settings or {})
    except ConfigurationError:
        # What is wrong with the settings is found when they are used; what is known of the model holds in any case.
        return CalledModel(find_listed_metadata(provider, model_id, {}))
    answers = CalledModel(llm.metadata, llm)
    return answers if answers.refusal_of({}) is None else CalledModel(llm.metadata)
