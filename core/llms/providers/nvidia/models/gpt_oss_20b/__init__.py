"""GPT OSS 20B."""

from core.llms.providers.nvidia.models.gpt_oss_20b.metadata import GptOss20BMetadata

__all__ = ["GptOss20BMetadata"]
