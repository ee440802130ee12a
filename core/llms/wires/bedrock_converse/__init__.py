"""The Converse wire: one form for all models of Amazon Bedrock, streamed in a binary framing."""

from core.llms.wires.bedrock_converse.dialect import ConverseDialect, EmbeddingForm, RenderReasoning
from core.llms.wires.bedrock_converse.render import base_model
from core.llms.wires.bedrock_converse.wire import BedrockConverseWire

__all__ = ["BedrockConverseWire", "ConverseDialect", "EmbeddingForm", "RenderReasoning", "base_model"]
