"""GPT-4.1 nano on Azure."""

from core.llms.providers.azure.models.gpt41_nano.metadata import GPT41NanoMetadata

__all__ = ["GPT41NanoMetadata"]
