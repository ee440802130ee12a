"""What Fireworks AI says differently on OpenAI's chat wire."""

from __future__ import annotations

from typing import ClassVar

from core.llms.providers.base.openai_family import OpenAIFamilyLLM
from core.llms.wires.openai_chat import ChatDialect


class FireworksBaseLLM(OpenAIFamilyLLM):
    """Works for most models on Fireworks AI.

    Reasoning comes in `reasoning_content` and goes back there, which Kimi demands; there is no `developer` role
    (fireworks-ai 1.2.30, pi-ai 1.5.2; read 2026-11-21).
    """

    PROVIDER: ClassVar[str] = "fireworks"
    DISPLAY_NAME: ClassVar[str] = "Fireworks AI"
    CHAT_DIALECT: ClassVar[ChatDialect] = ChatDialect(
        max_tokens_field="max_tokens",
        developer_role="system",
        reasoning_echo_field="reasoning_content",
        encoding_format=None,
    )
