"""Granite 3.3 8B."""

from core.llms.providers.watsonx.models.granite_33_8b.metadata import Granite338BMetadata

__all__ = ["Granite338BMetadata"]
