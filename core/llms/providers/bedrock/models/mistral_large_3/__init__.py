"""Mistral Large 3."""

from core.llms.providers.bedrock.models.mistral_large_3.metadata import MistralLarge3Metadata

__all__ = ["MistralLarge3Metadata"]
