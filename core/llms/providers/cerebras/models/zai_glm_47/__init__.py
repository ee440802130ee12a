"""Z.ai GLM 4.7."""

from core.llms.providers.cerebras.models.zai_glm_47.metadata import ZaiGlm47Metadata

__all__ = ["ZaiGlm47Metadata"]
