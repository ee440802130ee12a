"""Claude Mythos 5.2."""

from core.llms.providers.anthropic.models.mythos_52.metadata import Mythos52Metadata

__all__ = ["Mythos52Metadata"]
