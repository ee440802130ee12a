"""GPT OSS 120B."""

from core.llms.providers.watsonx.models.gpt_oss_120b.metadata import GptOss120BMetadata

__all__ = ["GptOss120BMetadata"]
