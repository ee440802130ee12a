"""Mistral Large 3."""

from core.llms.providers.mistral.models.large_3.metadata import Large3Metadata

__all__ = ["Large3Metadata"]
