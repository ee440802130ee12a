"""What xAI says differently on OpenAI's wires."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, Final

from core.llms.context import LLMContext
from core.llms.errors import AuthenticationError, ProtocolError
from core.llms.providers.base.openai_family import OpenAIFamilyLLM
from core.llms.providers.base.text_counting import count_texts
from core.llms.types.parameters import PARAM_MAX_TOKENS
from core.llms.types.request import LLMRequest
from core.llms.types.response import ModelInfo, TokenCount
from core.llms.wires.base import RenderedRequest
from core.llms.wires.openai_chat import ChatDialect
from core.llms.wires.openai_errors import ErrorRules
from core.llms.wires.openai_responses import ResponsesDialect

# A wrong key is answered with status 400 and the code of any bad argument (recorded 2026).
_ERRORS: Final = ErrorRules(
    context_length_patterns=("maximum prompt length", "maximum context length"),
    message_patterns={"incorrect api key": AuthenticationError},
)
_TICKS_PER_USD: Final = Decimal(10) ** 10
# No limit is published; texts go out in pieces of what is surely taken.
_MOST_CHARACTERS: Final = 100_000


def read_cost(usage: Mapping[str, Any]) -> Decimal | None:
    """Read what xAI charges for a call, its own tools included, from `cost_in_usd_ticks`.

    A tick is 1e-10 USD: recorded answers of grok-4.3 and grok-4-fast agree with the price list to the last digit.
    """
    ticks = usage.get("cost_in_usd_ticks")
    return Decimal(ticks) / _TICKS_PER_USD if type(ticks) is int and ticks >= 0 else None


def _read_token_count(body: Any) -> int:
    tokens = body.get("token_ids") if isinstance(body, Mapping) else None
    if not isinstance(tokens, list):
        raise ProtocolError("the answer has no `token_ids`")
    return len(tokens)


def _read_language_models(body: Any) -> list[ModelInfo]:
    entries = body.get("models") if isinstance(body, Mapping) else None
    if not isinstance(entries, list) or not all(isinstance(each, Mapping) and each.get("id") for each in entries):
        raise ProtocolError("the list of language models has no `models` with an `id` each")
    return [ModelInfo(str(each["id"]), each.get("created"), each.get("owned_by"), each) for each in entries]


class XaiBaseLLM(OpenAIFamilyLLM):
    """Works for all models of xAI: on Responses, its main API, and on chat completions (`wire="chat"`).

    `count_tokens(exact=True)` asks xAI for the tokens of each text; what it puts around them it does not say.
    """

    PROVIDER: ClassVar[str] = "xai"
    COUNTS_TOKENS: ClassVar[bool] = True
    DISPLAY_NAME: ClassVar[str] = "xAI"
    TELEMETRY_NAME: ClassVar[str] = "x_ai"
    CHAT_DIALECT: ClassVar[ChatDialect] = ChatDialect(
        max_tokens_field=PARAM_MAX_TOKENS,
        developer_role="system",
        encoding_format="float",
        reported_cost=read_cost,
        errors=_ERRORS,
    )
    # All models reason, and nobody else's encrypted reasoning can be read here.
    RESPONSES_DIALECT: ClassVar[ResponsesDialect | None] = ResponsesDialect(
        origin="xai", encrypted_reasoning="always", reported_cost=read_cost, errors=_ERRORS
    )

    async def list_language_models(self, ctx: LLMContext | None = None) -> list[ModelInfo]:
        """Return the models that xAI offers for language, with their modalities and prices in `raw`.

        Prices there are US cents for a hundred million tokens. Raises as `list_models`.
        """
        call = self._begin(ctx)
        rendered = RenderedRequest("/language-models", {}, method="GET")
        return await self._attempts.repeat(lambda: self._exchange.fetch(rendered, call, _read_language_models), call)

    async def _count_exactly(self, request: LLMRequest, ctx: LLMContext) -> TokenCount:
        async def count(text: str) -> int:
            rendered = RenderedRequest("/tokenize-text", {"text": text, "model": request.model})
            return await self._attempts.repeat(lambda: self._exchange.fetch(rendered, ctx, _read_token_count), ctx)

        return await count_texts(request, count, _MOST_CHARACTERS, frames="roles")
