"""What is known of Qwen3.8 27B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.groq.models._families import VisionReasoningMetadata
from core.llms.types.prices import Prices


class Qwen3827BMetadata(VisionReasoningMetadata):
    """Qwen3.8 27B on Groq: sees images; effort `high` is what the model itself calls xhigh (groq 1.7.0)."""

    NAME = "groq-qwen/qwen3.8-27b"
    MODEL_ID = "qwen/qwen3.8-27b"
    DISPLAY_NAME = "Qwen3.8 27B"
    FAMILY = "qwen3.8"
    CONTEXT_WINDOW = 131_072  # models.dev: 131,042
    MAX_TOKENS = 16_384
    PRICES = Prices.of("0.80", "4.00")
    REASONING_EFFORTS = ("none", "low", "medium", "high")
    DEFAULT_REASONING_EFFORT = "medium"
    RELEASED = date(2026, 8, 14)
