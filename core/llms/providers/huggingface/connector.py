"""HTTP to Hugging Face: its address and its key."""

from __future__ import annotations

from typing import ClassVar

from core.llms.providers.base.key_connector import KeyConnector


class HuggingFaceConnector(KeyConnector):
    """Serves every model at the router. HF_TOKEN, and its older name, are as in huggingface_hub."""

    PROVIDER: ClassVar[str] = "huggingface"
    BASE_URL: ClassVar[str] = "https://router.huggingface.co/v1"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
