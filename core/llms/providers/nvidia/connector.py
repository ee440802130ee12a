"""HTTP to NVIDIA: its address and its key."""

from __future__ import annotations

from typing import ClassVar

from core.llms.providers.base.key_connector import KeyConnector


class NvidiaConnector(KeyConnector):
    """Serves every model of NVIDIA's API catalogue, or of a NIM. The variables are those of NVIDIA's examples."""

    PROVIDER: ClassVar[str] = "nvidia"
    BASE_URL: ClassVar[str] = "https://integrate.api.nvidia.com/v1"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = ("NVIDIA_API_KEY",)
    BASE_URL_VARIABLES: ClassVar[tuple[str, ...]] = ("NVIDIA_BASE_URL",)
