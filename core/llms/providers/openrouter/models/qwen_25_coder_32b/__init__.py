"""Qwen2.5 Coder 32B."""

from core.llms.providers.openrouter.models.qwen_25_coder_32b.metadata import Qwen25Coder32BMetadata

__all__ = ["Qwen25Coder32BMetadata"]
