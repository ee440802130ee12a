"""Granite 4 H Small."""

from core.llms.providers.watsonx.models.granite_4_h_small.metadata import Granite4HSmallMetadata

__all__ = ["Granite4HSmallMetadata"]
