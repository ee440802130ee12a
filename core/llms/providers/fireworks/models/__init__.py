"""The table of Fireworks's rooms: every name that a model goes by, and where its classes are."""

from __future__ import annotations

from core.llms.providers.base.rooms import Room


def _room(package: str, metadata: str) -> Room:
    return Room(f"core.llms.providers.fireworks.models.{package}", metadata)


ROOMS = {
    "accounts/fireworks/models/glm-5p3": _room("glm_5p3", "Glm5P3Metadata"),
    "accounts/fireworks/models/kimi-k3": _room("kimi_k3", "KimiK3Metadata"),
    "accounts/fireworks/models/deepseek-v4p1-flash": _room("deepseek_v4p1_flash", "DeepSeekV4P1FlashMetadata"),
    "accounts/fireworks/models/gpt-oss-120b": _room("gpt_oss_120b", "GptOss120BMetadata"),
    "accounts/fireworks/models/qwen3-embedding-8b": _room("qwen3_embedding_8b", "Qwen3Embedding8BMetadata"),
    "fireworks/qwen3-embedding-8b": _room("qwen3_embedding_8b", "Qwen3Embedding8BMetadata"),
    "nomic-ai/nomic-embed-text-v1.5": _room("nomic_embed_text_v15", "NomicEmbedTextV15Metadata"),
}
