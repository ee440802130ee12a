"""Gemini 3.6 Flash."""

from core.llms.providers.google.models.gemini_36_flash.metadata import Gemini36FlashMetadata

__all__ = ["Gemini36FlashMetadata"]
