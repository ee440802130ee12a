"""Qwen2.5 Coder 32B Instruct."""

from core.llms.providers.huggingface.models.qwen25_coder_32b.metadata import Qwen25Coder32BMetadata

__all__ = ["Qwen25Coder32BMetadata"]
