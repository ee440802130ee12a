"""Command A Reasoning."""

from core.llms.providers.cohere.models.command_a_reasoning.metadata import CommandAReasoningMetadata

__all__ = ["CommandAReasoningMetadata"]
