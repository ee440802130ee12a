"""Nomic Embed Text v1.5."""

from core.llms.providers.fireworks.models.nomic_embed_text_v15.metadata import NomicEmbedTextV15Metadata

__all__ = ["NomicEmbedTextV15Metadata"]
