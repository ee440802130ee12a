"""Gemini 3.5 Flash."""

from core.llms.providers.google.models.gemini_35_flash.metadata import Gemini35FlashMetadata

__all__ = ["Gemini35FlashMetadata"]
