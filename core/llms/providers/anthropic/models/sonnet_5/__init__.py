"""Claude Sonnet 5."""

from core.llms.providers.anthropic.models.sonnet_5.metadata import Sonnet5Metadata

__all__ = ["Sonnet5Metadata"]
