"""Nemotron 3 Super 120B A12B."""

from core.llms.providers.nvidia.base_implementation import NemotronLLM
from core.llms.providers.nvidia.models.nemotron_3_super.metadata import Nemotron3SuperMetadata

__all__ = ["Nemotron3SuperMetadata", "NemotronLLM"]
