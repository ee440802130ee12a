"""Claude 3.5 Sonnet."""

from core.llms.providers.anthropic.models.sonnet_35.metadata import Sonnet35Metadata

__all__ = ["Sonnet35Metadata"]
