"""Gemini Embedding 2."""

from core.llms.providers.google.models.gemini_embedding_2.metadata import GeminiEmbedding2Metadata

__all__ = ["GeminiEmbedding2Metadata"]
