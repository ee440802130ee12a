"""What is known of Amazon Nova Micro on Bedrock."""

from __future__ import annotations

from datetime import date

from core.llms.providers.base.metadata import Capability, capabilities
from core.llms.providers.bedrock.models._families import TEXT, NovaMetadata, cached_prices


class NovaMicroMetadata(NovaMetadata):
    """Amazon Nova Micro."""

    NAME = "bedrock-amazon.nova-micro-v1:0"
    MODEL_ID = "amazon.nova-micro-v1:0"
    DISPLAY_NAME = "Amazon Nova Micro"
    ALIASES = ("us.amazon.nova-micro-v1:0",)
    PRICES = cached_prices("0.035", "0.14", "0.00875", write_factor="1")
    CONTEXT_WINDOW = 128_000
    CAPABILITIES = capabilities(*TEXT, Capability.PARALLEL_TOOLS, Capability.PROMPT_CACHING)
    KNOWLEDGE_CUTOFF = date(2024, 10, 31)
    RELEASED = date(2024, 12, 3)
