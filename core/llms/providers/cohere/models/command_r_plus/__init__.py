"""Command R+."""

from core.llms.providers.cohere.models.command_r_plus.metadata import CommandRPlusMetadata

__all__ = ["CommandRPlusMetadata"]
