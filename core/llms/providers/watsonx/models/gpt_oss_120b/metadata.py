"""What is known of GPT OSS 120B."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from core.llms.providers.base.metadata import Capability
from core.llms.providers.watsonx.models._families import CHAT_PARAMS, TEXT_CHAT, ChatMetadata
from core.llms.types import parameters as names
from core.llms.types.prices import Prices


class GptOss120BMetadata(ChatMetadata):
    """openai/gpt-oss-120b: three efforts, never off. Tools and the largest answer are as models.dev has them."""

    NAME = "watsonx-openai/gpt-oss-120b"
    MODEL_ID = "openai/gpt-oss-120b"
    DISPLAY_NAME = "GPT OSS 120B"
    FAMILY = "gpt-oss"
    CONTEXT_WINDOW = 131_072
    MAX_TOKENS = 32_768
    PRICES = Prices.of("0.159", "0.636")
    SUPPORTED_PARAMS = CHAT_PARAMS | {names.PARAM_REASONING_EFFORT}
    REASONING_EFFORTS = ("low", "medium", "high")
    DEFAULT_REASONING_EFFORT = "medium"
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {**TEXT_CHAT, Capability.REASONING: True}
    RELEASED = date(2025, 8, 5)
