"""What is known of Llama 3.3 70B on Bedrock."""

from __future__ import annotations

from datetime import date

from core.llms.providers.base.metadata import Capability, capabilities
from core.llms.providers.bedrock.models._families import TEXT, LlamaMetadata
from core.llms.types.prices import Prices


class Llama3370bMetadata(LlamaMetadata):
    """Llama 3.3 70B."""

    NAME = "bedrock-meta.llama3-3-70b-instruct-v1:0"
    MODEL_ID = "meta.llama3-3-70b-instruct-v1:0"
    DISPLAY_NAME = "Llama 3.3 70B"
    ALIASES = ("us.meta.llama3-3-70b-instruct-v1:0",)
    PRICES = Prices.of("0.72", "0.72")
    CONTEXT_WINDOW = 128_000
    MAX_TOKENS = 4_096
    CAPABILITIES = capabilities(*TEXT, Capability.FILES)
    KNOWLEDGE_CUTOFF = date(2023, 12, 31)
    RELEASED = date(2024, 12, 6)
    RETIRED = date(2027, 3, 30)
