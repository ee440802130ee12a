"""The LLM of a provider that speaks OpenAI's wires: which of the two, and how tokens are counted."""

from __future__ import annotations

from typing import ClassVar

from core.llms.context import LLMContext
from core.llms.errors import ConfigurationError, UnsupportedCapabilityError
from core.llms.providers.base.implementation import BaseLLM
from core.llms.types.request import LLMRequest
from core.llms.types.response import TokenCount
from core.llms.wires.base import Wire
from core.llms.wires.openai_chat import ChatDialect, OpenAIChatWire
from core.llms.wires.openai_responses import OpenAIResponsesWire, ResponsesDialect


class OpenAIFamilyLLM(BaseLLM):
    """A provider on chat completions, and on Responses too where `RESPONSES_DIALECT` is given.

    A provider is its two dialects; the metadata's `WIRE` chooses between them, `wire=` overrides it.
    """

    CHAT_DIALECT: ClassVar[ChatDialect] = ChatDialect()
    RESPONSES_DIALECT: ClassVar[ResponsesDialect | None] = None
    COUNTS_TOKENS: ClassVar[bool] = False

    def _create_wire(self, name: str | None) -> Wire:
        match name:
            case None | "chat" | "openai_chat":
                return OpenAIChatWire(self.CHAT_DIALECT)
            case "responses" | "openai_responses" if self.RESPONSES_DIALECT is not None:
                return OpenAIResponsesWire(self.RESPONSES_DIALECT)
        known = "chat or responses" if self.RESPONSES_DIALECT is not None else "chat"
        raise ConfigurationError(f"`wire` must be {known}, not {name!r}", provider=self.PROVIDER)

    async def _count_locally(self, request: LLMRequest) -> TokenCount:
        from core.llms.runtime.token_utils import count_chat_tokens_async

        return await count_chat_tokens_async(
            request.messages,
            model_id=self.metadata.MODEL_ID,
            tools=request.tools,
            response_format=request.response_format,
            wire="responses" if isinstance(self.wire, OpenAIResponsesWire) else "chat",
        )

    async def _count_exactly(self, request: LLMRequest, ctx: LLMContext) -> TokenCount:
        if not self.COUNTS_TOKENS:
            raise UnsupportedCapabilityError(
                "this provider has no endpoint that counts tokens; leave `exact` out", provider=self.PROVIDER
            )
        wire = OpenAIResponsesWire(self.RESPONSES_DIALECT or ResponsesDialect())
        rendered = wire.render_token_count(request)
        tokens = await self._attempts.repeat(lambda: self._exchange.fetch(rendered, ctx, wire.parse_token_count), ctx)
        return TokenCount(tokens, exact=True)
