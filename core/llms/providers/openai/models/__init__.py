"""The table of OpenAI's rooms: every name that a model goes by, and where its classes are."""

from __future__ import annotations

from core.llms.providers.base.rooms import Room

_PLACE = "core.llms.providers.openai.models"
_GPT41_MINI = Room(f"{_PLACE}.gpt41_mini", "GPT41MiniMetadata", "GPT41MiniLLM")

ROOMS = {
    "gpt-4.1-mini": _GPT41_MINI,
    "gpt-4.1-mini-2025-04-14": _GPT41_MINI,
}
