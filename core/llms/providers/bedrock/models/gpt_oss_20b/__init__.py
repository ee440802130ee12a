"""gpt-oss 20B."""

from core.llms.providers.bedrock.models.gpt_oss_20b.metadata import GptOss20bMetadata

__all__ = ["GptOss20bMetadata"]
