"""Claude Sonnet 4.5."""

from core.llms.providers.anthropic.models.sonnet_45.metadata import Sonnet45Metadata

__all__ = ["Sonnet45Metadata"]
