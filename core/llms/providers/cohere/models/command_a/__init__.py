"""Command A."""

from core.llms.providers.cohere.models.command_a.metadata import CommandAMetadata

__all__ = ["CommandAMetadata"]
