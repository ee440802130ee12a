"""Mistral Embed."""

from core.llms.providers.mistral.models.embed.metadata import EmbedMetadata

__all__ = ["EmbedMetadata"]
