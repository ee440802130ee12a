"""Embed 5 Fast."""

from core.llms.providers.cohere.models.embed_5_fast.metadata import Embed5FastMetadata

__all__ = ["Embed5FastMetadata"]
