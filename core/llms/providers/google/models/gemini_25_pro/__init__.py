"""Gemini 2.5 Pro."""

from core.llms.providers.google.models.gemini_25_pro.metadata import Gemini25ProMetadata

__all__ = ["Gemini25ProMetadata"]
