"""GLM 5.3."""

from core.llms.providers.fireworks.models.glm_5p3.metadata import Glm5P3Metadata

__all__ = ["Glm5P3Metadata"]
