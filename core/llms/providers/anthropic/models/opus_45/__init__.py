"""Claude Opus 4.5."""

from core.llms.providers.anthropic.models.opus_45.metadata import Opus45Metadata

__all__ = ["Opus45Metadata"]
