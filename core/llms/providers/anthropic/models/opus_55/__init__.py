"""Claude Opus 5.5."""

from core.llms.providers.anthropic.models.opus_55.metadata import Opus55Metadata

__all__ = ["Opus55Metadata"]
