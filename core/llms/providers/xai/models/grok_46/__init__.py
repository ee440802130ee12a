"""Grok 4.6."""

from core.llms.providers.xai.models.grok_46.metadata import Grok46Metadata

__all__ = ["Grok46Metadata"]
