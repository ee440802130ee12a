"""Llama 3.3 70B Instruct."""

from core.llms.providers.huggingface.models.llama33_70b.metadata import Llama3370BMetadata

__all__ = ["Llama3370BMetadata"]
