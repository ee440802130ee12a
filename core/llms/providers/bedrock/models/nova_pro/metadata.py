"""What is known of Amazon Nova Pro on Bedrock."""

from __future__ import annotations

from datetime import date

from core.llms.providers.bedrock.models._families import NovaMetadata, cached_prices


class NovaProMetadata(NovaMetadata):
    """Amazon Nova Pro."""

    NAME = "bedrock-amazon.nova-pro-v1:0"
    MODEL_ID = "amazon.nova-pro-v1:0"
    DISPLAY_NAME = "Amazon Nova Pro"
    ALIASES = ("us.amazon.nova-pro-v1:0",)
    PRICES = cached_prices("0.8", "3.2", "0.2", write_factor="1")
    CONTEXT_WINDOW = 300_000
    KNOWLEDGE_CUTOFF = date(2024, 10, 31)
    RELEASED = date(2024, 12, 3)
