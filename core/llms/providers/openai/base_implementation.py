"""What all OpenAI models share: both of its wires, and its endpoint that counts tokens."""

from __future__ import annotations

from typing import ClassVar

from core.llms.providers.base.openai_family import OpenAIFamilyLLM
from core.llms.wires.openai_responses import ResponsesDialect


class OpenAIBaseLLM(OpenAIFamilyLLM):
    """Works for most OpenAI models."""

    PROVIDER: ClassVar[str] = "openai"
    DISPLAY_NAME: ClassVar[str] = "OpenAI"
    RESPONSES_DIALECT: ClassVar[ResponsesDialect | None] = ResponsesDialect()
    COUNTS_TOKENS: ClassVar[bool] = True
