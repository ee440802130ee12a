"""o4-mini."""

from core.llms.providers.openai.models.o4_mini.metadata import O4MiniMetadata

__all__ = ["O4MiniMetadata"]
