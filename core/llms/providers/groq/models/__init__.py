"""The table of Groq's rooms: every name that a model goes by, and where its classes are."""

from __future__ import annotations

from core.llms.providers.base.rooms import Room


def _room(package: str, metadata: str, implementation: str | None = None) -> Room:
    return Room(f"core.llms.providers.groq.models.{package}", metadata, implementation)


ROOMS = {
    "openai/gpt-oss-120b": _room("gpt_oss_120b", "GptOss120BMetadata"),
    "openai/gpt-oss-20b": _room("gpt_oss_20b", "GptOss20BMetadata"),
    "qwen/qwen3.8-27b": _room("qwen38_27b", "Qwen3827BMetadata", "ParsedReasoningLLM"),
    "llama-3.3-70b-versatile": _room("llama33_70b", "Llama3370BMetadata"),
    "llama-3.1-8b-instant": _room("llama31_8b", "Llama318BMetadata"),
    "mixtral-8x7b-32768": _room("mixtral_8x7b", "Mixtral8x7BMetadata"),
    "llama3-70b-8192": _room("llama3_70b", "Llama370BMetadata"),
    "llama3-8b-8192": _room("llama3_8b", "Llama38BMetadata"),
    "gemma2-9b-it": _room("gemma2_9b", "Gemma29BMetadata"),
}
