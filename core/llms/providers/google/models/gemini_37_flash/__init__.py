"""Gemini 3.7 Flash."""

from core.llms.providers.google.models.gemini_37_flash.metadata import Gemini37FlashMetadata

__all__ = ["Gemini37FlashMetadata"]
