"""The face of token counting: how many tokens a text or a request has, before it is sent.

What stands behind it lives in `core.llms.runtime.tokens`.
"""

from __future__ import annotations

from core.llms.runtime.tokens.counting import count_chat_tokens, count_chat_tokens_async
from core.llms.runtime.tokens.text import (
    count_text_tokens,
    count_text_tokens_async,
    estimate_text_tokens,
    truncate_text,
)

__all__ = [
    "count_chat_tokens",
    "count_chat_tokens_async",
    "count_text_tokens",
    "count_text_tokens_async",
    "estimate_text_tokens",
    "truncate_text",
]
