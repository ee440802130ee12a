"""GPT-5.6 Luna."""

from core.llms.providers.openai.models.gpt56_luna.metadata import GPT56LunaMetadata

__all__ = ["GPT56LunaMetadata"]
