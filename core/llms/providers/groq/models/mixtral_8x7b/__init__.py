"""Mixtral 8x7B."""

from core.llms.providers.groq.models.mixtral_8x7b.metadata import Mixtral8x7BMetadata

__all__ = ["Mixtral8x7BMetadata"]
