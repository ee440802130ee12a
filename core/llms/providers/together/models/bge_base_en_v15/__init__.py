"""BGE Base EN v1.5."""

from core.llms.providers.together.models.bge_base_en_v15.metadata import BgeBaseEnV15Metadata

__all__ = ["BgeBaseEnV15Metadata"]
