"""Claude Haiku 4.5."""

from core.llms.providers.bedrock.models.haiku_45.metadata import Haiku45Metadata, Haiku45RegionalMetadata

__all__ = ["Haiku45Metadata", "Haiku45RegionalMetadata"]
