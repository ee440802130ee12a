"""Gemma 2 9B."""

from core.llms.providers.groq.models.gemma2_9b.metadata import Gemma29BMetadata

__all__ = ["Gemma29BMetadata"]
