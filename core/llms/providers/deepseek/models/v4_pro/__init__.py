"""DeepSeek V4 Pro."""

from core.llms.providers.deepseek.models.v4_pro.metadata import V4ProMetadata

__all__ = ["V4ProMetadata"]
