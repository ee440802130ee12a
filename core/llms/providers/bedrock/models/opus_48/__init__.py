"""Claude Opus 4.8."""

from core.llms.providers.bedrock.models.opus_48.metadata import Opus48Metadata, Opus48RegionalMetadata

__all__ = ["Opus48Metadata", "Opus48RegionalMetadata"]
