"""Llama 3.3 70B."""

from core.llms.providers.bedrock.models.llama_33_70b.metadata import Llama3370bMetadata

__all__ = ["Llama3370bMetadata"]
