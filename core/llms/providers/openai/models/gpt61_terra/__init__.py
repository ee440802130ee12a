"""GPT-6.1 Terra."""

from core.llms.providers.openai.models.gpt61_terra.metadata import GPT61TerraMetadata

__all__ = ["GPT61TerraMetadata"]
