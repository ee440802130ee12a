"""Claude Sonnet 5.5."""

from core.llms.providers.openrouter.models.claude_sonnet_55.metadata import ClaudeSonnet55Metadata

__all__ = ["ClaudeSonnet55Metadata"]
