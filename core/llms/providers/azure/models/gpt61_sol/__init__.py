"""GPT-6.1 Sol on Azure."""

from core.llms.providers.azure.models.gpt61_sol.metadata import GPT61SolMetadata

__all__ = ["GPT61SolMetadata"]
