"""Command A+."""

from core.llms.providers.cohere.models.command_a_plus.metadata import CommandAPlusMetadata

__all__ = ["CommandAPlusMetadata"]
