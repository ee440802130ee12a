"""Gemini 3.8 Flash."""

from core.llms.providers.openrouter.models.gemini_38_flash.metadata import Gemini38FlashMetadata

__all__ = ["Gemini38FlashMetadata"]
