"""Pixtral Large."""

from core.llms.providers.bedrock.models.pixtral_large.metadata import PixtralLargeMetadata

__all__ = ["PixtralLargeMetadata"]
