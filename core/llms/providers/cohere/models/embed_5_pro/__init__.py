"""Embed 5 Pro."""

from core.llms.providers.cohere.models.embed_5_pro.metadata import Embed5ProMetadata

__all__ = ["Embed5ProMetadata"]
