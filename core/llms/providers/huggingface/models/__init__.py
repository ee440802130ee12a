"""The table of Hugging Face's rooms: every name that a model goes by, and where its classes are."""

from __future__ import annotations

from core.llms.providers.base.rooms import Room


def _room(package: str, metadata: str) -> Room:
    return Room(f"core.llms.providers.huggingface.models.{package}", metadata)


ROOMS = {
    "openai/gpt-oss-120b": _room("gpt_oss_120b", "GptOss120BMetadata"),
    "zai-org/GLM-5.3": _room("glm_53", "Glm53Metadata"),
    "deepseek-ai/DeepSeek-V4.1-Flash": _room("deepseek_v41_flash", "DeepSeekV41FlashMetadata"),
    "Qwen/Qwen3.8-27B": _room("qwen38_27b", "Qwen3827BMetadata"),
    "Qwen/Qwen2.5-Coder-32B-Instruct": _room("qwen25_coder_32b", "Qwen25Coder32BMetadata"),
    "meta-llama/Llama-3.3-70B-Instruct": _room("llama33_70b", "Llama3370BMetadata"),
}
