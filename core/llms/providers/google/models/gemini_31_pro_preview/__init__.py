"""Gemini 3.1 Pro Preview."""

from core.llms.providers.google.models.gemini_31_pro_preview.metadata import Gemini31ProPreviewMetadata

__all__ = ["Gemini31ProPreviewMetadata"]
