"""Claude Opus 4.8."""

from core.llms.providers.anthropic.models.opus_48.metadata import Opus48Metadata

__all__ = ["Opus48Metadata"]
