"""Granite 13B Instruct v2."""

from core.llms.providers.watsonx.models.granite_13b_instruct.metadata import Granite13BInstructMetadata

__all__ = ["Granite13BInstructMetadata"]
