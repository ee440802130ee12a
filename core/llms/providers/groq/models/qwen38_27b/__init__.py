"""Qwen3.8 27B."""

from core.llms.providers.groq.base_implementation import ParsedReasoningLLM
from core.llms.providers.groq.models.qwen38_27b.metadata import Qwen3827BMetadata

__all__ = ["ParsedReasoningLLM", "Qwen3827BMetadata"]
