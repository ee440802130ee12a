"""The LLM of a provider that speaks OpenAI's wires: which of the two, and how tokens are counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from core.llms.context import LLMContext
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
    WIRES: ClassVar[Mapping[str, str]] = {"chat": "openai_chat", "responses": "openai_responses"}

    @classmethod
    def wires(cls) -> Mapping[str, str]:
        if cls.RESPONSES_DIALECT is not None:
            return cls.WIRES
        return {name: full for name, full in cls.WIRES.items() if name != "responses"}

    def _create_wire(self, name: str | None) -> Wire:
        if name == "responses" and self.RESPONSES_DIALECT is not None:
            return OpenAIResponsesWire(self.RESPONSES_DIALECT)
        return OpenAIChatWire(self.CHAT_DIALECT)

    async def _count_exactly(self, request: LLMRequest, ctx: LLMContext) -> TokenCount:
        wire = OpenAIResponsesWire(self.RESPONSES_DIALECT or ResponsesDialect())
        rendered = wire.render_token_count(request)
        tokens = await self._attempts.repeat(lambda: self._exchange.fetch(rendered, ctx, wire.parse_token_count), ctx)
        return TokenCount(tokens, exact=True)
