"""GPT-5.6 Sol on Azure."""

from core.llms.providers.azure.models.gpt56_sol.metadata import GPT56SolMetadata

__all__ = ["GPT56SolMetadata"]
