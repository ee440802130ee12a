"""Gemini 3 Flash Preview."""

from core.llms.providers.google.models.gemini_3_flash_preview.metadata import Gemini3FlashPreviewMetadata

__all__ = ["Gemini3FlashPreviewMetadata"]
