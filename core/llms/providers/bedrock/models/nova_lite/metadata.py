"""What is known of Amazon Nova Lite on Bedrock."""

from __future__ import annotations

from datetime import date

from core.llms.providers.bedrock.models._families import NovaMetadata, cached_prices


class NovaLiteMetadata(NovaMetadata):
    """Amazon Nova Lite."""

    NAME = "bedrock-amazon.nova-lite-v1:0"
    MODEL_ID = "amazon.nova-lite-v1:0"
    DISPLAY_NAME = "Amazon Nova Lite"
    ALIASES = ("us.amazon.nova-lite-v1:0",)
    PRICES = cached_prices("0.06", "0.24", "0.015", write_factor="1")
    CONTEXT_WINDOW = 300_000
    KNOWLEDGE_CUTOFF = date(2024, 10, 31)
    RELEASED = date(2024, 12, 3)
