"""BGE Large EN v1.5."""

from core.llms.providers.together.models.bge_large_en_v15.metadata import BgeLargeEnV15Metadata

__all__ = ["BgeLargeEnV15Metadata"]
