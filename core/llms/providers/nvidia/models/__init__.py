"""The table of NVIDIA's rooms: every name that a model goes by, and where its classes are."""

from __future__ import annotations

from core.llms.providers.base.rooms import Room


def _room(package: str, metadata: str, implementation: str | None = None) -> Room:
    return Room(f"core.llms.providers.nvidia.models.{package}", metadata, implementation)


ROOMS = {
    "nvidia/nemotron-3-ultra-550b-a55b": _room("nemotron_3_ultra", "Nemotron3UltraMetadata", "NemotronLLM"),
    "nvidia/nemotron-3-super-120b-a12b": _room("nemotron_3_super", "Nemotron3SuperMetadata", "NemotronLLM"),
    "nvidia/nemotron-3.5-lightning-30b-a3b": _room(
        "nemotron_35_lightning", "Nemotron35LightningMetadata", "NemotronLLM"
    ),
    "z-ai/glm-5.3": _room("glm_53", "Glm53Metadata"),
    "openai/gpt-oss-20b": _room("gpt_oss_20b", "GptOss20BMetadata"),
}
