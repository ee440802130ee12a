"""What is known of Nemotron 3.5 Lightning 30B A3B."""

from __future__ import annotations

from datetime import date

from core.llms.providers.nvidia.models._families import NemotronMetadata


class Nemotron35LightningMetadata(NemotronMetadata):
    """Nemotron 3.5 Lightning: small and fast."""

    NAME = "nvidia-nvidia/nemotron-3.5-lightning-30b-a3b"
    MODEL_ID = "nvidia/nemotron-3.5-lightning-30b-a3b"
    DISPLAY_NAME = "Nemotron 3.5 Lightning 30B A3B"
    CONTEXT_WINDOW = 262_144
    MAX_TOKENS = 262_144
    RELEASED = date(2026, 8, 11)
