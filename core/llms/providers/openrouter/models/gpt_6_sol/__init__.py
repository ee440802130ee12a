"""GPT-6 Sol."""

from core.llms.providers.openrouter.models.gpt_6_sol.metadata import Gpt6SolMetadata

__all__ = ["Gpt6SolMetadata"]
