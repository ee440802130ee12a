"""What is known of gpt-oss 120B on Bedrock."""

from __future__ import annotations

from datetime import date

from core.llms.providers.bedrock.models._families import GptOssMetadata
from core.llms.types.prices import Prices


class GptOss120bMetadata(GptOssMetadata):
    """gpt-oss 120B."""

    NAME = "bedrock-openai.gpt-oss-120b-1:0"
    MODEL_ID = "openai.gpt-oss-120b-1:0"
    DISPLAY_NAME = "gpt-oss 120B"
    PRICES = Prices.of("0.15", "0.6")
    RELEASED = date(2025, 8, 5)
