"""o3."""

from core.llms.providers.openai.models.o3.metadata import O3Metadata

__all__ = ["O3Metadata"]
