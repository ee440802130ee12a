"""Claude Fable 5.2."""

from core.llms.providers.anthropic.models.fable_52.metadata import Fable52Metadata

__all__ = ["Fable52Metadata"]
