"""Mistral Medium 3."""

from core.llms.providers.watsonx.models.mistral_medium.metadata import MistralMediumMetadata

__all__ = ["MistralMediumMetadata"]
