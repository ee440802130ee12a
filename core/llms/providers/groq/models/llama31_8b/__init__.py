"""Llama 3.1 8B."""

from core.llms.providers.groq.models.llama31_8b.metadata import Llama318BMetadata

__all__ = ["Llama318BMetadata"]
