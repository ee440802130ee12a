"""What is known of Llama 3.3 70B Instruct."""

from __future__ import annotations

from datetime import date

from core.llms.providers.huggingface.models._families import ChatMetadata


class Llama3370BMetadata(ChatMetadata):
    """Llama 3.3 70B Instruct."""

    NAME = "huggingface-meta-llama/Llama-3.3-70B-Instruct"
    MODEL_ID = "meta-llama/Llama-3.3-70B-Instruct"
    DISPLAY_NAME = "Llama 3.3 70B Instruct"
    FAMILY = "llama"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 4_096
    KNOWLEDGE_CUTOFF = date(2023, 12, 31)
    RELEASED = date(2024, 12, 6)
