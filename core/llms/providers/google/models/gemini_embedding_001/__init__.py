"""Gemini Embedding 001."""

from core.llms.providers.google.models.gemini_embedding_001.metadata import GeminiEmbedding001Metadata

__all__ = ["GeminiEmbedding001Metadata"]
