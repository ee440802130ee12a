"""What Cerebras says differently on OpenAI's chat wire."""

from __future__ import annotations

from typing import ClassVar

from core.llms.providers.base.openai_family import OpenAIFamilyLLM
from core.llms.wires.openai_chat import ChatDialect
from core.llms.wires.openai_common import ErrorRules


class CerebrasBaseLLM(OpenAIFamilyLLM):
    """Works for most models on Cerebras.

    Reasoning comes in `reasoning` and goes back there (recorded 2026-06); a `developer` message is for OpenAI's models
    alone and means `system` (cerebras-cloud-sdk 1.91.0).
    """

    PROVIDER: ClassVar[str] = "cerebras"
    DISPLAY_NAME: ClassVar[str] = "Cerebras"
    EMBEDS: ClassVar[bool] = False
    CHAT_DIALECT: ClassVar[ChatDialect] = ChatDialect(
        developer_role="system",
        reasoning_echo_field="reasoning",
        reasoning_fields=("reasoning",),
        errors=ErrorRules(
            context_length_patterns=("maximum context length", "please reduce the length of the messages"),
        ),
    )
