"""Llama 3 70B."""

from core.llms.providers.groq.models.llama3_70b.metadata import Llama370BMetadata

__all__ = ["Llama370BMetadata"]
