"""Callers with a blocking `call_llm` of their own: classes of another making, and those that override it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from core.llms.callers import BaseCaller
from core.llms.context import LLMContext
from core.llms.errors import ConfigurationError
from core.llms.types.message_dicts import MessagesInput


def has_call_of_its_own(caller: Any) -> bool:
    """Tell whether `call_llm` is what the class wants to be called."""
    return not isinstance(caller, BaseCaller) or type(caller).call_llm is not BaseCaller.call_llm


async def call_in_thread(caller: Any, prompt: MessagesInput, ctx: LLMContext | None, options: Mapping[str, Any]) -> str:
    """Call `call_llm` in a thread. Raises `ConfigurationError` for what only a `BaseCaller` takes."""
    if not isinstance(caller, BaseCaller) and (ctx is not None or options):
        raise ConfigurationError(
            f"{type(caller).__name__} takes a prompt alone; derive it from BaseCaller for a context and parameters"
        )
    context = () if ctx is None else (ctx,)
    answer: str = await asyncio.to_thread(caller.call_llm, prompt, *context, **options)
    return answer
