"""Mistral Large 4."""

from core.llms.providers.mistral.models.large_4.metadata import Large4Metadata

__all__ = ["Large4Metadata"]
