"""Gemini 3.1 Flash-Lite."""

from core.llms.providers.google.models.gemini_31_flash_lite.metadata import Gemini31FlashLiteMetadata

__all__ = ["Gemini31FlashLiteMetadata"]
