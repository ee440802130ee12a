"""Claude Opus 5.5."""

from core.llms.providers.openrouter.models.claude_opus_55.metadata import ClaudeOpus55Metadata

__all__ = ["ClaudeOpus55Metadata"]
