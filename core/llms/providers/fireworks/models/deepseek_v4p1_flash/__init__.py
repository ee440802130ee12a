"""DeepSeek V4.1 Flash."""

from core.llms.providers.fireworks.models.deepseek_v4p1_flash.metadata import DeepSeekV4P1FlashMetadata

__all__ = ["DeepSeekV4P1FlashMetadata"]
