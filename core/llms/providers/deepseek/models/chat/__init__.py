"""DeepSeek Chat."""

from core.llms.providers.deepseek.models.chat.metadata import ChatMetadata

__all__ = ["ChatMetadata"]
