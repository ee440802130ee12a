"""Gemini 2.5 Flash."""

from core.llms.providers.google.models.gemini_25_flash.metadata import Gemini25FlashMetadata

__all__ = ["Gemini25FlashMetadata"]
