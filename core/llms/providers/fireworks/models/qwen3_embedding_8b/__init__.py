"""Qwen3 Embedding 8B."""

from core.llms.providers.fireworks.models.qwen3_embedding_8b.metadata import Qwen3Embedding8BMetadata

__all__ = ["Qwen3Embedding8BMetadata"]
