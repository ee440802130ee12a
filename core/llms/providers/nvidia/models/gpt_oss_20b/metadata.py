"""What is known of GPT OSS 20B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.nvidia.models._families import ReasoningMetadata


class GptOss20BMetadata(ReasoningMetadata):
    """GPT OSS 20B at NVIDIA."""

    NAME = "nvidia-openai/gpt-oss-20b"
    MODEL_ID = "openai/gpt-oss-20b"
    DISPLAY_NAME = "GPT OSS 20B"
    FAMILY = "gpt-oss"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 32_768
    REASONING_EFFORTS = ("low", "medium", "high")
    RELEASED = date(2025, 8, 5)
