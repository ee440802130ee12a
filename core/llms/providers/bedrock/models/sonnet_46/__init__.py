"""Claude Sonnet 4.6."""

from core.llms.providers.bedrock.models.sonnet_46.metadata import Sonnet46Metadata, Sonnet46RegionalMetadata

__all__ = ["Sonnet46Metadata", "Sonnet46RegionalMetadata"]
