"""Mistral Small 4."""

from core.llms.providers.mistral.models.small_4.metadata import Small4Metadata

__all__ = ["Small4Metadata"]
