"""The table of Together's rooms: every name that a model goes by, and where its classes are."""

from __future__ import annotations

from core.llms.providers.base.rooms import Room


def _room(package: str, metadata: str) -> Room:
    return Room(f"core.llms.providers.together.models.{package}", metadata)


ROOMS = {
    "openai/gpt-oss-120b": _room("gpt_oss_120b", "GptOss120BMetadata"),
    "deepseek-ai/DeepSeek-V4.1-Flash": _room("deepseek_v41_flash", "DeepSeekV41FlashMetadata"),
    "moonshotai/Kimi-K3": _room("kimi_k3", "KimiK3Metadata"),
    "zai-org/GLM-5.3": _room("glm_53", "Glm53Metadata"),
    "meta-llama/Llama-3.3-70B-Instruct-Turbo": _room("llama33_70b_turbo", "Llama3370BTurboMetadata"),
    "Qwen/Qwen2.5-Coder-32B-Instruct": _room("qwen25_coder_32b", "Qwen25Coder32BMetadata"),
    "BAAI/bge-base-en-v1.5": _room("bge_base_en_v15", "BgeBaseEnV15Metadata"),
    "BAAI/bge-large-en-v1.5": _room("bge_large_en_v15", "BgeLargeEnV15Metadata"),
}
