"""Claude 3 Opus."""

from core.llms.providers.anthropic.models.opus_3.metadata import Opus3Metadata

__all__ = ["Opus3Metadata"]
