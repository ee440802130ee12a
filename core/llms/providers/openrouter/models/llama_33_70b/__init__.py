"""Llama 3.3 70B."""

from core.llms.providers.openrouter.models.llama_33_70b.metadata import Llama3370BMetadata

__all__ = ["Llama3370BMetadata"]
