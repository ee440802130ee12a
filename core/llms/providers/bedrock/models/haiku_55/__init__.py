"""Claude Haiku 5.5."""

from core.llms.providers.bedrock.models.haiku_55.metadata import Haiku55Metadata, Haiku55RegionalMetadata

__all__ = ["Haiku55Metadata", "Haiku55RegionalMetadata"]
