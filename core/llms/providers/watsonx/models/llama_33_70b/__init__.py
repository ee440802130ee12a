"""Llama 3.3 70B."""

from core.llms.providers.watsonx.models.llama_33_70b.metadata import Llama3370BMetadata

__all__ = ["Llama3370BMetadata"]
