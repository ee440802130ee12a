"""DeepSeek Reasoner."""

from core.llms.providers.deepseek.models.reasoner.metadata import ReasonerMetadata

__all__ = ["ReasonerMetadata"]
