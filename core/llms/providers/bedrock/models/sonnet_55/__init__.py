"""Claude Sonnet 5.5."""

from core.llms.providers.bedrock.models.sonnet_55.metadata import Sonnet55Metadata, Sonnet55RegionalMetadata

__all__ = ["Sonnet55Metadata", "Sonnet55RegionalMetadata"]
