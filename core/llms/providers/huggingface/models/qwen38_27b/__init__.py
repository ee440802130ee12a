"""Qwen3.8 27B."""

from core.llms.providers.huggingface.models.qwen38_27b.metadata import Qwen3827BMetadata

__all__ = ["Qwen3827BMetadata"]
