"""Granite 13B Chat v2."""

from core.llms.providers.watsonx.models.granite_13b_chat.metadata import Granite13BChatMetadata

__all__ = ["Granite13BChatMetadata"]
