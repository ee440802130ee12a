"""Gemini 3.5 Flash-Lite."""

from core.llms.providers.google.models.gemini_35_flash_lite.metadata import Gemini35FlashLiteMetadata

__all__ = ["Gemini35FlashLiteMetadata"]
