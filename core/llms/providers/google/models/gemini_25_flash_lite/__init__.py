"""Gemini 2.5 Flash-Lite."""

from core.llms.providers.google.models.gemini_25_flash_lite.metadata import Gemini25FlashLiteMetadata

__all__ = ["Gemini25FlashLiteMetadata"]
