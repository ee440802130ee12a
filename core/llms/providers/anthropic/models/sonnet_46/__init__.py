"""Claude Sonnet 4.6."""

from core.llms.providers.anthropic.models.sonnet_46.metadata import Sonnet46Metadata

__all__ = ["Sonnet46Metadata"]
