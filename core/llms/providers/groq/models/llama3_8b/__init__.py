"""Llama 3 8B."""

from core.llms.providers.groq.models.llama3_8b.metadata import Llama38BMetadata

__all__ = ["Llama38BMetadata"]
