"""Mistral Medium 3.5."""

from core.llms.providers.mistral.models.medium_35.metadata import Medium35Metadata

__all__ = ["Medium35Metadata"]
