"""Llama 3.3 70B Instruct Turbo."""

from core.llms.providers.together.models.llama33_70b_turbo.metadata import Llama3370BTurboMetadata

__all__ = ["Llama3370BTurboMetadata"]
