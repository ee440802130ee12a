"""Command R."""

from core.llms.providers.cohere.models.command_r.metadata import CommandRMetadata

__all__ = ["CommandRMetadata"]
