"""Command R7B."""

from core.llms.providers.cohere.models.command_r7b.metadata import CommandR7BMetadata

__all__ = ["CommandR7BMetadata"]
