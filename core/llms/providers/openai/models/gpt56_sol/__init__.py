"""GPT-5.6 Sol."""

from core.llms.providers.openai.models.gpt56_sol.metadata import GPT56SolMetadata

__all__ = ["GPT56SolMetadata"]
