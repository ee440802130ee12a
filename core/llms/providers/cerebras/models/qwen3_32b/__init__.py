"""Qwen 3 32B."""

from core.llms.providers.cerebras.models.qwen3_32b.metadata import Qwen332BMetadata

__all__ = ["Qwen332BMetadata"]
