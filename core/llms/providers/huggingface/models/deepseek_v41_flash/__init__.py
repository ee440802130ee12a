"""DeepSeek V4.1 Flash."""

from core.llms.providers.huggingface.models.deepseek_v41_flash.metadata import DeepSeekV41FlashMetadata

__all__ = ["DeepSeekV41FlashMetadata"]
