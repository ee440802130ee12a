"""What is known of Nemotron 3 Ultra 550B A55B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.nvidia.models._families import NemotronMetadata


class Nemotron3UltraMetadata(NemotronMetadata):
    """Nemotron 3 Ultra: the largest."""

    NAME = "nvidia-nvidia/nemotron-3-ultra-550b-a55b"
    MODEL_ID = "nvidia/nemotron-3-ultra-550b-a55b"
    DISPLAY_NAME = "Nemotron 3 Ultra 550B A55B"
    CONTEXT_WINDOW = 1_000_000
    MAX_TOKENS = 65_536
    RELEASED = date(2026, 6, 4)
