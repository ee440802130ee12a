"""The table of OpenRouter's rooms: every name that a model goes by, and where its classes are."""

from __future__ import annotations

from core.llms.providers.base.rooms import Room


def _room(package: str, metadata: str) -> Room:
    return Room(f"core.llms.providers.openrouter.models.{package}", metadata)


ROOMS = {
    "anthropic/claude-opus-5.5": _room("claude_opus_55", "ClaudeOpus55Metadata"),
    "anthropic/claude-sonnet-5.5": _room("claude_sonnet_55", "ClaudeSonnet55Metadata"),
    "openai/gpt-6-sol": _room("gpt_6_sol", "Gpt6SolMetadata"),
    "google/gemini-3.8-flash": _room("gemini_38_flash", "Gemini38FlashMetadata"),
    "deepseek/deepseek-v4.1-flash": _room("deepseek_v41_flash", "DeepSeekV41FlashMetadata"),
    "moonshotai/kimi-k3": _room("kimi_k3", "KimiK3Metadata"),
    "z-ai/glm-5.3": _room("glm_53", "Glm53Metadata"),
    "meta-llama/llama-3.3-70b-instruct": _room("llama_33_70b", "Llama3370BMetadata"),
    "qwen/qwen-2.5-coder-32b-instruct": _room("qwen_25_coder_32b", "Qwen25Coder32BMetadata"),
}
