"""Amazon Nova Multimodal Embeddings."""

from core.llms.providers.bedrock.models.nova_embeddings.metadata import NovaEmbeddingsMetadata

__all__ = ["NovaEmbeddingsMetadata"]
