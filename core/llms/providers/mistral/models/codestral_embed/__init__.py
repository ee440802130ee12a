"""Codestral Embed."""

from core.llms.providers.mistral.models.codestral_embed.metadata import CodestralEmbedMetadata

__all__ = ["CodestralEmbedMetadata"]
