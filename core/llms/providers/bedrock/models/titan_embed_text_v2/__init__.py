"""Titan Text Embeddings V2."""

from core.llms.providers.bedrock.models.titan_embed_text_v2.metadata import TitanEmbedTextV2Metadata

__all__ = ["TitanEmbedTextV2Metadata"]
