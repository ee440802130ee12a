"""What is known of Qwen2.5 Coder 32B Instruct."""

from __future__ import annotations

from datetime import date

from core.llms.providers.huggingface.models._families import ChatMetadata


class Qwen25Coder32BMetadata(ChatMetadata):
    """Qwen2.5 Coder 32B Instruct: writes code."""

    NAME = "huggingface-Qwen/Qwen2.5-Coder-32B-Instruct"
    MODEL_ID = "Qwen/Qwen2.5-Coder-32B-Instruct"
    DISPLAY_NAME = "Qwen2.5 Coder 32B Instruct"
    FAMILY = "qwen"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 8_192
    RELEASED = date(2024, 11, 12)
