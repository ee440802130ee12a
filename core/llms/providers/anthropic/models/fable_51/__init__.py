"""Claude Fable 5.1."""

from core.llms.providers.anthropic.models.fable_51.metadata import Fable51Metadata

__all__ = ["Fable51Metadata"]
