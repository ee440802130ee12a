"""What is known of Amazon Nova Premier on Bedrock."""

from __future__ import annotations

from core.llms.providers.bedrock.models._families import NovaMetadata, cached_prices


class NovaPremierMetadata(NovaMetadata):
    """Amazon Nova Premier."""

    NAME = "bedrock-amazon.nova-premier-v1:0"
    MODEL_ID = "amazon.nova-premier-v1:0"
    DISPLAY_NAME = "Amazon Nova Premier"
    ALIASES = ("us.amazon.nova-premier-v1:0",)
    PRICES = cached_prices("2.5", "12.5", "0.625", write_factor="1")
    CONTEXT_WINDOW = 1_000_000
