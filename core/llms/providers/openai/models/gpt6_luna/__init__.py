"""GPT-6 Luna."""

from core.llms.providers.openai.models.gpt6_luna.metadata import GPT6LunaMetadata

__all__ = ["GPT6LunaMetadata"]
