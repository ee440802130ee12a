"""GPT-5.6 Terra."""

from core.llms.providers.openai.models.gpt56_terra.metadata import GPT56TerraMetadata

__all__ = ["GPT56TerraMetadata"]
