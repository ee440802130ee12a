"""GPT-5.6 Luna on Azure."""

from core.llms.providers.azure.models.gpt56_luna.metadata import GPT56LunaMetadata

__all__ = ["GPT56LunaMetadata"]
