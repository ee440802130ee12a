"""Grok 4.5."""

from core.llms.providers.xai.models.grok_45.metadata import Grok45Metadata

__all__ = ["Grok45Metadata"]
