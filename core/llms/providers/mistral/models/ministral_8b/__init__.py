"""Ministral 3 8B."""

from core.llms.providers.mistral.models.ministral_8b.metadata import Ministral8BMetadata

__all__ = ["Ministral8BMetadata"]
