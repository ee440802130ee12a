"""Claude Opus 5."""

from core.llms.providers.anthropic.models.opus_5.metadata import Opus5Metadata

__all__ = ["Opus5Metadata"]
