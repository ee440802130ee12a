"""Cohere's wire, `/v2/chat` and its neighbours."""

from core.llms.wires.cohere_v2.wire import CohereV2Wire

__all__ = ["CohereV2Wire"]
