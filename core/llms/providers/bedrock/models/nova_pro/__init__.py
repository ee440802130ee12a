"""Amazon Nova Pro."""

from core.llms.providers.bedrock.models.nova_pro.metadata import NovaProMetadata

__all__ = ["NovaProMetadata"]
