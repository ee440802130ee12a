"""The LLM of any OpenAI-compatible server: the wire as most servers have it, and learning of what this one lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from core.llms.context import LLMContext
from core.llms.errors import NotFoundError, ProtocolError, UnsupportedCapabilityError
from core.llms.providers.base.learning.exchange import LearningChatWire, LearningExchange
from core.llms.providers.base.openai_family import OpenAIFamilyLLM
from core.llms.runtime.middleware import Middleware
from core.llms.types.request import LLMRequest
from core.llms.types.response import TokenCount, UnifiedFinish
from core.llms.wires.base import RenderedRequest, Wire
from core.llms.wires.openai_chat import ChatDialect, OpenAIChatWire
from core.llms.wires.openai_common import ErrorRules
from core.llms.wires.openai_responses import ResponsesDialect

# Seen in recorded answers of servers and gateways: none at all said as "" (Snowflake), and other vendors' own words.
_FINISH_REASONS: Final[dict[str, UnifiedFinish]] = {
    "": "stop",
    "eos": "stop",
    "eos_token": "stop",
    "stop_sequence": "stop",
    "end_turn": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "sensitive": "content_filter",
    "abort": "error",
}
# vLLM and SGLang say "maximum context length", llama.cpp and LM Studio the others.
_TOO_LONG: Final = ("maximum context length", "context size", "context length", "context window")


class OpenAICompatibleLLM(OpenAIFamilyLLM):
    """Works for vLLM, SGLang, llama.cpp, LM Studio, gateways and the like.

    `max_tokens` is what all of them know, and `system` the role that all of them have. A stream may end without
    `[DONE]`, which some servers leave out, once each choice has its finish reason. What was learned of a server is
    kept on the connector, model by model.
    """

    PROVIDER: ClassVar[str] = "openai_compatible"
    COUNTS_TOKENS: ClassVar[bool] = True
    DISPLAY_NAME: ClassVar[str] = "OpenAI-compatible servers"
    CHAT_DIALECT: ClassVar[ChatDialect] = ChatDialect(
        max_tokens_field="max_tokens",
        developer_role="system",
        encoding_format=None,
        finish_reasons=_FINISH_REASONS,
        requires_done=False,
        errors=ErrorRules(context_length_patterns=_TOO_LONG),
    )
    RESPONSES_DIALECT: ClassVar[ResponsesDialect | None] = ResponsesDialect()

    def _create_wire(self, name: str | None) -> Wire:
        if name in (None, "chat", "openai_chat"):
            return LearningChatWire(self.CHAT_DIALECT, self.connector.state.setdefault(("lessons", self.model), set()))
        return super()._create_wire(name)

    def _compose(self, middleware: Sequence[Middleware]) -> None:
        if isinstance(self.wire, LearningChatWire):
            self._exchange = LearningExchange(self.connector, self.wire, self.PROVIDER)
        super()._compose(middleware)

    async def _count_exactly(self, request: LLMRequest, ctx: LLMContext) -> TokenCount:
        rendered = render_token_count(OpenAIChatWire(self.CHAT_DIALECT).render_request(request).body)
        try:
            tokens = await self._attempts.repeat(lambda: self._exchange.fetch(rendered, ctx, parse_token_count), ctx)
        except NotFoundError as error:
            raise UnsupportedCapabilityError(
                "the server has no `/tokenize`, where vLLM counts tokens; leave `exact` out",
                provider=self.PROVIDER,
                model=self.model,
            ) from error
        return TokenCount(tokens, exact=True)


def render_token_count(body: Mapping[str, Any]) -> RenderedRequest:
    """Write vLLM's request for a count of a conversation's tokens, with the frame of the answer to come."""
    counted = {name: body[name] for name in ("model", "messages", "tools") if name in body}
    return RenderedRequest("/tokenize", {**counted, "add_generation_prompt": True})


def parse_token_count(body: Any) -> int:
    """Read the count of vLLM's answer."""
    count = body.get("count") if isinstance(body, Mapping) else None
    if type(count) is not int:
        raise ProtocolError("the answer has no `count`")
    return count
