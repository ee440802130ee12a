"""Amazon Nova Micro."""

from core.llms.providers.bedrock.models.nova_micro.metadata import NovaMicroMetadata

__all__ = ["NovaMicroMetadata"]
