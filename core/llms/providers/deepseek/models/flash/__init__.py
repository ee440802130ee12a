"""DeepSeek V4.1 Flash."""

from core.llms.providers.deepseek.models.flash.metadata import FlashMetadata

__all__ = ["FlashMetadata"]
