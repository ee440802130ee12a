"""GPT-4.1 nano."""

from core.llms.providers.openai.models.gpt41_nano.metadata import GPT41NanoMetadata

__all__ = ["GPT41NanoMetadata"]
