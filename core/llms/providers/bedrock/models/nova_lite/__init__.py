"""Amazon Nova Lite."""

from core.llms.providers.bedrock.models.nova_lite.metadata import NovaLiteMetadata

__all__ = ["NovaLiteMetadata"]
