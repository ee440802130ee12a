"""Claude Opus 5.5."""

from core.llms.providers.bedrock.models.opus_55.metadata import Opus55Metadata, Opus55RegionalMetadata

__all__ = ["Opus55Metadata", "Opus55RegionalMetadata"]
