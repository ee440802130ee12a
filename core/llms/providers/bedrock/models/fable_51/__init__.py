"""Claude Fable 5.1."""

from core.llms.providers.bedrock.models.fable_51.metadata import Fable51Metadata, Fable51RegionalMetadata

__all__ = ["Fable51Metadata", "Fable51RegionalMetadata"]
