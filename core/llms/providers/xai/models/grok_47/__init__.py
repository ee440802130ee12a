"""Grok 4.7."""

from core.llms.providers.xai.models.grok_47.metadata import Grok47Metadata

__all__ = ["Grok47Metadata"]
