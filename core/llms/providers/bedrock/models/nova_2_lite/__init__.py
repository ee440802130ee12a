"""Amazon Nova 2 Lite."""

from core.llms.providers.bedrock.models.nova_2_lite.metadata import Nova2LiteMetadata, Nova2LiteRegionalMetadata

__all__ = ["Nova2LiteMetadata", "Nova2LiteRegionalMetadata"]
