"""The table of Cerebras's rooms: every name that a model goes by, and where its classes are."""

from __future__ import annotations

from core.llms.providers.base.rooms import Room


def _room(package: str, metadata: str) -> Room:
    return Room(f"core.llms.providers.cerebras.models.{package}", metadata)


ROOMS = {
    "gpt-oss-120b": _room("gpt_oss_120b", "GptOss120BMetadata"),
    "qwen-3.8-27b": _room("qwen38_27b", "Qwen3827BMetadata"),
    "zai-glm-4.7": _room("zai_glm_47", "ZaiGlm47Metadata"),
    "llama-3.3-70b": _room("llama33_70b", "Llama3370BMetadata"),
    "qwen-3-32b": _room("qwen3_32b", "Qwen332BMetadata"),
}
