"""GPT-3.5 Turbo on Azure."""

from core.llms.providers.azure.models.gpt35_turbo.metadata import GPT35TurboMetadata

__all__ = ["GPT35TurboMetadata"]
