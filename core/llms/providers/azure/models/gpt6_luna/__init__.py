"""GPT-6 Luna on Azure."""

from core.llms.providers.azure.models.gpt6_luna.metadata import GPT6LunaMetadata

__all__ = ["GPT6LunaMetadata"]
