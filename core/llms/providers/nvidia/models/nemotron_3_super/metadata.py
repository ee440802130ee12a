"""What is known of Nemotron 3 Super 120B A12B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.nvidia.models._families import NemotronMetadata


class Nemotron3SuperMetadata(NemotronMetadata):
    """Nemotron 3 Super."""

    NAME = "nvidia-nvidia/nemotron-3-super-120b-a12b"
    MODEL_ID = "nvidia/nemotron-3-super-120b-a12b"
    DISPLAY_NAME = "Nemotron 3 Super 120B A12B"
    CONTEXT_WINDOW = 262_144
    MAX_TOKENS = 262_144
    RELEASED = date(2026, 3, 11)
