"""GLM-5.3."""

from core.llms.providers.nvidia.models.glm_53.metadata import Glm53Metadata

__all__ = ["Glm53Metadata"]
