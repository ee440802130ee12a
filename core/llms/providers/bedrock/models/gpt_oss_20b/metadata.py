"""What is known of gpt-oss 20B on Bedrock."""

from __future__ import annotations

from datetime import date

from core.llms.providers.bedrock.models._families import GptOssMetadata
from core.llms.types.prices import Prices


class GptOss20bMetadata(GptOssMetadata):
    """gpt-oss 20B."""

    NAME = "bedrock-openai.gpt-oss-20b-1:0"
    MODEL_ID = "openai.gpt-oss-20b-1:0"
    DISPLAY_NAME = "gpt-oss 20B"
    PRICES = Prices.of("0.07", "0.3")
    RELEASED = date(2025, 8, 5)
