"""Nemotron 3 Ultra 550B A55B."""

from core.llms.providers.nvidia.base_implementation import NemotronLLM
from core.llms.providers.nvidia.models.nemotron_3_ultra.metadata import Nemotron3UltraMetadata

__all__ = ["Nemotron3UltraMetadata", "NemotronLLM"]
