"""Command A Vision."""

from core.llms.providers.cohere.models.command_a_vision.metadata import CommandAVisionMetadata

__all__ = ["CommandAVisionMetadata"]
