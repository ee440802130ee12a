"""Claude Sonnet 4.5."""

from core.llms.providers.bedrock.models.sonnet_45.metadata import Sonnet45Metadata, Sonnet45RegionalMetadata

__all__ = ["Sonnet45Metadata", "Sonnet45RegionalMetadata"]
