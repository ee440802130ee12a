"""Amazon Nova Premier."""

from core.llms.providers.bedrock.models.nova_premier.metadata import NovaPremierMetadata

__all__ = ["NovaPremierMetadata"]
