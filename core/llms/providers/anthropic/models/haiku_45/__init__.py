"""Claude Haiku 4.5."""

from core.llms.providers.anthropic.models.haiku_45.metadata import Haiku45Metadata

__all__ = ["Haiku45Metadata"]
