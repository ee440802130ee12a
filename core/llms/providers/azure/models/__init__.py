"""The table of Azure's rooms: every name that a model goes by, and where its classes are."""

from __future__ import annotations

from core.llms.providers.base.rooms import Room


def _room(package: str, metadata: str, implementation: str | None = None) -> Room:
    return Room(f"core.llms.providers.azure.models.{package}", metadata, implementation)


ROOMS = {
    "gpt-3.5-turbo": _room("gpt35_turbo", "GPT35TurboMetadata"),
    "gpt-35-turbo": _room("gpt35_turbo", "GPT35TurboMetadata"),
    "gpt-4": _room("gpt4", "GPT4Metadata"),
    "gpt-4-0613": _room("gpt4", "GPT4Metadata"),
    "gpt-4o": _room("gpt4o", "GPT4oMetadata"),
    "gpt-4o-2024-05-13": _room("gpt4o", "GPT4o20240513Metadata"),
    "gpt-4o-2024-08-06": _room("gpt4o", "GPT4oMetadata"),
    "gpt-4o-2024-11-20": _room("gpt4o", "GPT4oMetadata"),
    "gpt-4o-mini": _room("gpt4o_mini", "GPT4oMiniMetadata"),
    "gpt-4o-mini-2024-07-18": _room("gpt4o_mini", "GPT4oMiniMetadata"),
    "gpt-4.1": _room("gpt41", "GPT41Metadata"),
    "gpt-4.1-2025-04-14": _room("gpt41", "GPT41Metadata"),
    "gpt-4.1-mini": _room("gpt41_mini", "GPT41MiniMetadata", "GPT41MiniLLM"),
    "gpt-4.1-mini-2025-04-14": _room("gpt41_mini", "GPT41MiniMetadata", "GPT41MiniLLM"),
    "gpt-4.1-nano": _room("gpt41_nano", "GPT41NanoMetadata"),
    "gpt-4.1-nano-2025-04-14": _room("gpt41_nano", "GPT41NanoMetadata"),
    "o4-mini": _room("o4_mini", "O4MiniMetadata"),
    "o4-mini-2025-04-16": _room("o4_mini", "O4MiniMetadata"),
    "gpt-5": _room("gpt5", "GPT5Metadata"),
    "gpt-5-2025-08-07": _room("gpt5", "GPT5Metadata"),
    "gpt-5-mini": _room("gpt5_mini", "GPT5MiniMetadata"),
    "gpt-5-mini-2025-08-07": _room("gpt5_mini", "GPT5MiniMetadata"),
    "gpt-5.4": _room("gpt54", "GPT54Metadata"),
    "gpt-5.4-2026-03-05": _room("gpt54", "GPT54Metadata"),
    "gpt-5.5": _room("gpt55", "GPT55Metadata"),
    "gpt-5.5-2026-04-23": _room("gpt55", "GPT55Metadata"),
    "gpt-5.5-2026-04-24": _room("gpt55", "GPT55Metadata"),
    "gpt-5.6": _room("gpt56_sol", "GPT56SolMetadata"),
    "gpt-5.6-sol": _room("gpt56_sol", "GPT56SolMetadata"),
    "gpt-5.6-sol-2026-07-09": _room("gpt56_sol", "GPT56SolMetadata"),
    "gpt-5.6-terra": _room("gpt56_terra", "GPT56TerraMetadata"),
    "gpt-5.6-terra-2026-07-09": _room("gpt56_terra", "GPT56TerraMetadata"),
    "gpt-5.6-luna": _room("gpt56_luna", "GPT56LunaMetadata"),
    "gpt-5.6-luna-2026-07-09": _room("gpt56_luna", "GPT56LunaMetadata"),
    "gpt-6-astra": _room("gpt6_astra", "GPT6AstraMetadata"),
    "gpt-6-astra-2026-09-03": _room("gpt6_astra", "GPT6AstraMetadata"),
    "gpt-6-sol": _room("gpt6_sol", "GPT6SolMetadata"),
    "gpt-6-sol-2026-09-22": _room("gpt6_sol", "GPT6SolMetadata"),
    "gpt-6-luna": _room("gpt6_luna", "GPT6LunaMetadata"),
    "gpt-6-luna-2026-09-22": _room("gpt6_luna", "GPT6LunaMetadata"),
    "gpt-6.1-sol": _room("gpt61_sol", "GPT61SolMetadata"),
    "gpt-6.1-sol-2026-09-29": _room("gpt61_sol", "GPT61SolMetadata"),
    "gpt-6.1-terra": _room("gpt61_terra", "GPT61TerraMetadata"),
    "text-embedding-3-small": _room("text_embedding_3_small", "TextEmbedding3SmallMetadata"),
    "text-embedding-3-large": _room("text_embedding_3_large", "TextEmbedding3LargeMetadata"),
}
