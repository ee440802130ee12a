"""Grok 4.3."""

from core.llms.providers.xai.models.grok_43.metadata import Grok43Metadata

__all__ = ["Grok43Metadata"]
