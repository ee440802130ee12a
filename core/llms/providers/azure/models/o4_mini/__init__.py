"""o4-mini on Azure."""

from core.llms.providers.azure.models.o4_mini.metadata import O4MiniMetadata

__all__ = ["O4MiniMetadata"]
