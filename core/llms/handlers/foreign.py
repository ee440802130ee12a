"""Callers of other making: any class with a blocking `call_llm(prompt)`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from core.llms.context import LLMContext
from core.llms.errors import ConfigurationError
from core.llms.types.message_dicts import MessagesInput


async def call_foreign(caller: Any, prompt: MessagesInput, ctx: LLMContext | None, options: Mapping[str, Any]) -> str:
    """Call one in a thread. Raises `ConfigurationError` for what only a `BaseCaller` could do."""
    if ctx is not None or options:
        raise ConfigurationError(
            f"{type(caller).__name__} takes a prompt alone; derive it from BaseCaller for a context and parameters"
        )
    answer: str = await asyncio.to_thread(caller.call_llm, prompt)
    return answer
