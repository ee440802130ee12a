"""Nemotron 3.5 Lightning 30B A3B."""

from core.llms.providers.nvidia.base_implementation import NemotronLLM
from core.llms.providers.nvidia.models.nemotron_35_lightning.metadata import Nemotron35LightningMetadata

__all__ = ["Nemotron35LightningMetadata", "NemotronLLM"]
