"""GPT-4 Turbo."""

from core.llms.providers.openai.models.gpt4_turbo.metadata import GPT4TurboMetadata

__all__ = ["GPT4TurboMetadata"]
