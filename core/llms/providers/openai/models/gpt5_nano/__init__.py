"""GPT-5 nano."""

from core.llms.providers.openai.models.gpt5_nano.metadata import GPT5NanoMetadata

__all__ = ["GPT5NanoMetadata"]
