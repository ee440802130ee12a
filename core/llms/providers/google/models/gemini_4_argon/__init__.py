"""Gemini 4 Argon."""

from core.llms.providers.google.models.gemini_4_argon.metadata import Gemini4ArgonMetadata

__all__ = ["Gemini4ArgonMetadata"]
