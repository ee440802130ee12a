"""What is known of a model, as values that are validated, compared and kept: `LLMProfile` and its parts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, model_validator

from core.llms.registry.families import ModelFamily, find_family
from core.llms.registry.media_types import MediaType, Modality
from core.llms.types.capabilities import Capability
from core.llms.types.price_records import parse_prices, render_prices
from core.llms.types.prices import Prices

__all__ = ["FactSource", "LLMCapabilities", "LLMProfile", "MediaType", "Modality", "ModelFamily", "PricesField"]


def _prices(value: Any) -> Prices:
    if isinstance(value, Prices):
        return value
    try:
        return parse_prices(value)
    except (KeyError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise ValueError(f"no prices: {error!r}; they look like {{'input': '2.5', 'output': '15'}}") from error


PricesField = Annotated[Prices, PlainValidator(_prices), PlainSerializer(render_prices, return_type=dict[str, Any])]
Tokens = Annotated[int, Field(gt=0)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class FactSource(_Record):
    """Where facts come from, and when they were read there."""

    name: str
    read_on: date


class LLMCapabilities(_Record):
    """What a model can do. None is what is not known, and never means no.

    Token figures are counts: `max_input_tokens` is set only where a prompt may not fill the whole context window.
    """

    supports_vision: bool | None = None
    supports_files: bool | None = None
    supports_audio_input: bool | None = None
    supports_audio_output: bool | None = None
    supports_tools: bool | None = None
    supports_parallel_tools: bool | None = None
    supports_structured_output: bool | None = None
    supports_json_mode: bool | None = None
    supports_reasoning: bool | None = None
    supports_streaming: bool | None = None
    supports_system_messages: bool | None = None
    supports_prompt_caching: bool | None = None
    supports_embeddings: bool | None = None
    context_window: Tokens | None = None
    max_input_tokens: Tokens | None = None
    max_output_tokens: Tokens | None = None
    input_modalities: frozenset[Modality] | None = None
    output_modalities: frozenset[Modality] | None = None
    supported_parameters: frozenset[str] | None = None
    sampling: Literal["always", "unless_reasoning", "never"] | None = None
    reasoning_efforts: tuple[str, ...] = ()
    default_reasoning_effort: str | None = None
    reasoning_budget_tokens: tuple[int | None, int | None] | None = None
    embedding_dimensions: Tokens | None = None

    @model_validator(mode="after")
    def _limits_fit(self) -> Self:
        window = self.context_window
        for name in ("max_input_tokens", "max_output_tokens"):
            limit = getattr(self, name)
            if window is not None and limit is not None and limit > window:
                raise ValueError(f"{name} is {limit}, more than the context_window of {window}")
        return self

    def supports(self, capability: Capability | str) -> bool | None:
        """Say yes, no, or None for not known; `supports_vision`, `vision` and `Capability.VISION` mean the same."""
        answer: bool | None = getattr(self, f"supports_{parse_capability(capability).value}")
        return answer


class LLMProfile(_Record):
    """All that is known of one model at one provider.

    `name` is the catalogue's (`azure-gpt-4.1-mini`), `model_id` what goes on the wire. `origin` says who vouches for
    it: the shipped `catalog`, a `user`, or `detected` from the provider itself at `detected_at` by `detected_by`.
    """

    provider: Annotated[str, Field(min_length=1)]
    model_id: Annotated[str, Field(min_length=1)]
    aliases: tuple[str, ...] = ()
    display_name: str | None = None
    family: ModelFamily = ModelFamily.OTHER
    description: str | None = None
    capabilities: LLMCapabilities = LLMCapabilities()
    prices: PricesField | None = None
    wire: str | None = None
    knowledge_cutoff: date | None = None
    released: date | None = None
    deprecated: date | None = None
    retired: date | None = None
    replacement: str | None = None
    is_deprecated: bool = False
    sources: tuple[FactSource, ...] = ()
    origin: Literal["catalog", "user", "detected"] = "user"
    detected_at: datetime | None = None
    detected_by: str | None = None

    @model_validator(mode="after")
    def _find_family(self) -> Self:
        if "family" not in self.model_fields_set:
            self.__dict__["family"] = find_family(self.model_id)
        return self

    @property
    def name(self) -> str:
        """The catalogue's name."""
        return f"{self.provider}-{self.model_id}"

    @property
    def key(self) -> tuple[str, str]:
        """Provider and model id, which together are unique."""
        return self.provider, self.model_id

    @property
    def cost_per_1k_input(self) -> Decimal | None:
        """USD for a thousand tokens of a prompt, today."""
        return None if self.prices is None else self.prices.on(date.today()).input / 1000

    @property
    def cost_per_1k_output(self) -> Decimal | None:
        """USD for a thousand generated tokens, today."""
        return None if self.prices is None else self.prices.on(date.today()).output / 1000

    def is_retired_on(self, day: date) -> bool:
        """Tell whether the vendor has turned the model off by a day."""
        return self.retired is not None and self.retired <= day

    def is_deprecated_on(self, day: date) -> bool:
        """Tell whether the vendor, or the user, advises against the model by a day."""
        return self.is_deprecated or (self.deprecated is not None and self.deprecated <= day) or self.is_retired_on(day)


def parse_capability(name: Capability | str) -> Capability:
    """Read a capability's name, with or without `supports_`. Raises ValueError, which names those there are."""
    if isinstance(name, Capability):
        return name
    try:
        return Capability(name.removeprefix("supports_"))
    except ValueError:
        from difflib import get_close_matches

        known = [capability.value for capability in Capability]
        close = get_close_matches(name.removeprefix("supports_"), known, 1)
        hint = f"; did you mean 'supports_{close[0]}'?" if close else "."
        raise ValueError(
            f"no capability is called {name!r}{hint} Known: {', '.join(f'supports_{each}' for each in known)}"
        ) from None
