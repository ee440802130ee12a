"""GPT-6 Sol on Azure."""

from core.llms.providers.azure.models.gpt6_sol.metadata import GPT6SolMetadata

__all__ = ["GPT6SolMetadata"]
