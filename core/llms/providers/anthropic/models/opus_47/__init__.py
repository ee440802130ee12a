"""Claude Opus 4.7."""

from core.llms.providers.anthropic.models.opus_47.metadata import Opus47Metadata

__all__ = ["Opus47Metadata"]
