"""What is known of GPT OSS 120B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.huggingface.models._families import ReasoningMetadata


class GptOss120BMetadata(ReasoningMetadata):
    """GPT OSS 120B: always reasons."""

    NAME = "huggingface-openai/gpt-oss-120b"
    MODEL_ID = "openai/gpt-oss-120b"
    DISPLAY_NAME = "GPT OSS 120B"
    FAMILY = "gpt-oss"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 32_768
    REASONING_EFFORTS = ("low", "medium", "high")
    RELEASED = date(2025, 8, 5)
