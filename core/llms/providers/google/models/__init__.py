"""The table of Google's rooms: every name that a model goes by, and where its classes are."""

from __future__ import annotations

from core.llms.providers.base.rooms import Room


def _room(package: str, metadata: str, implementation: str | None = None) -> Room:
    return Room(f"core.llms.providers.google.models.{package}", metadata, implementation)


ROOMS = {
    "gemini-4-argon": _room("gemini_4_argon", "Gemini4ArgonMetadata"),
    "gemini-3.8-flash": _room("gemini_38_flash", "Gemini38FlashMetadata"),
    "gemini-flash-latest": _room("gemini_38_flash", "Gemini38FlashMetadata"),
    "gemini-3.7-flash": _room("gemini_37_flash", "Gemini37FlashMetadata"),
    "gemini-3.6-flash": _room("gemini_36_flash", "Gemini36FlashMetadata"),
    "gemini-3.5-flash": _room("gemini_35_flash", "Gemini35FlashMetadata"),
    "gemini-3.5-flash-lite": _room("gemini_35_flash_lite", "Gemini35FlashLiteMetadata"),
    "gemini-flash-lite-latest": _room("gemini_35_flash_lite", "Gemini35FlashLiteMetadata"),
    "gemini-3.1-pro-preview": _room("gemini_31_pro_preview", "Gemini31ProPreviewMetadata"),
    "gemini-pro-latest": _room("gemini_31_pro_preview", "Gemini31ProPreviewMetadata"),
    "gemini-3.1-flash-lite": _room("gemini_31_flash_lite", "Gemini31FlashLiteMetadata"),
    "gemini-3-flash-preview": _room("gemini_3_flash_preview", "Gemini3FlashPreviewMetadata"),
    "gemini-2.5-pro": _room("gemini_25_pro", "Gemini25ProMetadata"),
    "gemini-2.5-flash": _room("gemini_25_flash", "Gemini25FlashMetadata"),
    "gemini-2.5-flash-lite": _room("gemini_25_flash_lite", "Gemini25FlashLiteMetadata"),
    "gemini-embedding-001": _room("gemini_embedding_001", "GeminiEmbedding001Metadata"),
    "gemini-embedding-2": _room("gemini_embedding_2", "GeminiEmbedding2Metadata"),
    "gemini-embedding-2-preview": _room("gemini_embedding_2", "GeminiEmbedding2Metadata"),
}
