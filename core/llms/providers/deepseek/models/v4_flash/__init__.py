"""DeepSeek V4 Flash."""

from core.llms.providers.deepseek.models.v4_flash.metadata import V4FlashMetadata

__all__ = ["V4FlashMetadata"]
