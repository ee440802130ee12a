"""Llama 4 Maverick."""

from core.llms.providers.watsonx.models.llama_4_maverick.metadata import Llama4MaverickMetadata

__all__ = ["Llama4MaverickMetadata"]
