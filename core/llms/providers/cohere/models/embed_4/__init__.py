"""Embed 4."""

from core.llms.providers.cohere.models.embed_4.metadata import Embed4Metadata

__all__ = ["Embed4Metadata"]
