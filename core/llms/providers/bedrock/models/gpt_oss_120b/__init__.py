"""gpt-oss 120B."""

from core.llms.providers.bedrock.models.gpt_oss_120b.metadata import GptOss120bMetadata

__all__ = ["GptOss120bMetadata"]
