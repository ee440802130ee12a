"""The face of tokens and money before a call: counting, cutting, fitting, and what a call may cost.

What stands behind it lives in `core.llms.runtime.tokens`.
"""

from __future__ import annotations

from core.llms.runtime.tokens.cost_estimates import CostEstimate, estimate_cost
from core.llms.runtime.tokens.counting import count_chat_tokens, count_chat_tokens_async
from core.llms.runtime.tokens.fitting import FittedMessages, fit_messages, fit_messages_async
from core.llms.runtime.tokens.text import (
    count_text_tokens,
    count_text_tokens_async,
    estimate_text_tokens,
    truncate_text,
)
from core.llms.types.costs import compute_cost

__all__ = [
    "CostEstimate",
    "FittedMessages",
    "compute_cost",
    "count_chat_tokens",
    "count_chat_tokens_async",
    "count_text_tokens",
    "count_text_tokens_async",
    "estimate_cost",
    "estimate_text_tokens",
    "fit_messages",
    "fit_messages_async",
    "truncate_text",
]
