"""Claude Opus 4.6."""

from core.llms.providers.anthropic.models.opus_46.metadata import Opus46Metadata

__all__ = ["Opus46Metadata"]
