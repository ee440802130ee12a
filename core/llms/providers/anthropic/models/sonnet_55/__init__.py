"""Claude Sonnet 5.5."""

from core.llms.providers.anthropic.models.sonnet_55.metadata import Sonnet55Metadata

__all__ = ["Sonnet55Metadata"]
