"""GPT-3.5 Turbo."""

from core.llms.providers.openai.models.gpt35_turbo.metadata import GPT35Turbo1106Metadata, GPT35TurboMetadata

__all__ = ["GPT35Turbo1106Metadata", "GPT35TurboMetadata"]
