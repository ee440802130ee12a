"""What vendors that speak chat completions say differently: data, and a few functions. No vendor is named here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal

from core.llms.types.messages import AssistantMessage
from core.llms.types.request import LLMRequest
from core.llms.types.response import UnifiedFinish
from core.llms.types.usage import Usage
from core.llms.wires.openai_embeddings import VectorType
from core.llms.wires.openai_errors import DEFAULT_RULES, ErrorRules

ORIGIN: Final = "openai_chat"


@dataclass(frozen=True, slots=True)
class ChatDialect:
    """One vendor's way of speaking chat completions; the defaults are OpenAI's.

    Outgoing:
        max_tokens_field: the wire's name of `max_tokens`.
        fields: the wire's names of other neutral parameters.
        developer_role: what a `DeveloperMessage` becomes; a `SystemMessage` is always `system`.
        reasoning_echo_field: the field of an assistant message in which its reasoning goes back; None: it does not.
        reasoning_details_field: the field in which its reasoning goes back as the blocks that came; None: it does not.
        thinking_blocks: whether reasoning goes back as `thinking` blocks of the content, in its place among the others.
        cache_control: whether a `CachePoint` marks the block before it (`cache_control`); else the vendor is not told.
        include_usage: ask for usage in streams (`stream_options.include_usage`).
        supports_strict_tools: whether a tool may carry `strict`.
        encoding_format: how embeddings are asked for, `base64` or `float`; None: not said.
        input_type_field: the field for an embedding request's `input_type`; None: there is none.
        dimensions_field: the field for its `dimensions`.
        vector_type: how the vectors that come back as base64 are packed.
        render_assistant: completes an assistant message's dict, given the message it was rendered from.
        render_extra: completes the body, before `provider_options` are laid over it.

    Both ways:
        origin: marks the reasoning, the opaque parts and what calls have beyond the wire's fields. They go back to the
            same origin, and those of `openai_chat` to any. A vendor whose additions the others refuse has its own.

    Incoming:
        reasoning_fields: where a message or delta may hold its reasoning; the first that has text counts.
        finish_reasons: the vendor's reasons beyond (or instead of) OpenAI's.
        requires_done: whether only `[DONE]` proves a stream whole; else a finish reason for each choice will do.
        parse_usage: reads the usage object, instead of `parse_chat_usage`.
        usage_envelope: a field of a chunk whose own `usage` counts where the chunk itself has none.
        reported_cost: reads from the usage object what the vendor says that the call costs, in USD.
        read_sources: reads from the body's top level what the answer draws on: the annotations of its texts.
        errors: the vendor's own error codes, and its patterns for a context that is too long.
    """

    max_tokens_field: str = "max_completion_tokens"
    fields: Mapping[str, str] = field(default_factory=dict)
    developer_role: Literal["developer", "system"] = "developer"
    reasoning_echo_field: str | None = None
    reasoning_details_field: str | None = None
    thinking_blocks: bool = False
    origin: str = ORIGIN
    cache_control: bool = False
    include_usage: bool = True
    supports_strict_tools: bool = True
    encoding_format: str | None = "base64"
    input_type_field: str | None = None
    dimensions_field: str = "dimensions"
    vector_type: VectorType = "f"
    render_assistant: Callable[[dict[str, Any], AssistantMessage], None] | None = None
    render_extra: Callable[[dict[str, Any], LLMRequest], None] | None = None
    reasoning_fields: tuple[str, ...] = ("reasoning_content", "reasoning")
    finish_reasons: Mapping[str, UnifiedFinish] = field(default_factory=dict)
    requires_done: bool = True
    parse_usage: Callable[[Mapping[str, Any]], Usage] | None = None
    usage_envelope: str | None = None
    reported_cost: Callable[[Mapping[str, Any]], Decimal | None] | None = None
    read_sources: Callable[[Mapping[str, Any]], Sequence[Mapping[str, Any]]] | None = None
    errors: ErrorRules = DEFAULT_RULES

    @property
    def takes_reasoning(self) -> bool:
        """Whether reasoning goes back in any form."""
        fields = (self.reasoning_echo_field, self.reasoning_details_field)
        return self.thinking_blocks or any(name is not None for name in fields)

    def owns(self, origin: str | None) -> bool:
        """Whether what has this origin may go to this vendor."""
        return origin in (self.origin, ORIGIN)
