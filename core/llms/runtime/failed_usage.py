"""What an attempt that failed, was cancelled or was left consumed, as far as that can be said."""

from __future__ import annotations

import asyncio

from core.llms.context import LLMContext
from core.llms.errors import Certainty, LLMError
from core.llms.runtime.tokens.estimates import estimate_usage
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.usage import Usage


def usage_of_failure(
    error: BaseException, request: LLMRequest | EmbeddingRequest, ctx: LLMContext, delivered: bool
) -> tuple[Usage | None, bool]:
    """Return the usage, None where nothing was consumed, and whether that is certain.

    `delivered` says that events of the answer reached the caller.
    """
    partial = None if ctx.partial_response is None else ctx.partial_response()
    if partial is not None and (delivered or partial.text):
        return partial.usage if partial.usage.output_tokens else estimate_usage(request, partial), True
    if isinstance(error, LLMError) and error.certainty in (Certainty.NOT_SENT, Certainty.REFUSED):
        return None, True
    if isinstance(error, asyncio.CancelledError) and not ctx.was_sent:
        return None, True
    return estimate_usage(request, None), False
