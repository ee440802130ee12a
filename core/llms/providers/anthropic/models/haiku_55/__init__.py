"""Claude Haiku 5.5."""

from core.llms.providers.anthropic.models.haiku_55.metadata import Haiku55Metadata

__all__ = ["Haiku55Metadata"]
