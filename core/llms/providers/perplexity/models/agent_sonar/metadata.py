"""What is known of Sonar (Agent API)."""

from __future__ import annotations

from core.llms.providers.perplexity.models._families import AgentMetadata
from core.llms.types.prices import Prices


class AgentSonarMetadata(AgentMetadata):
    """Sonar as the Agent API serves it."""

    NAME = "perplexity-perplexity/sonar"
    MODEL_ID = "perplexity/sonar"
    DISPLAY_NAME = "Sonar (Agent API)"
    FAMILY = "sonar"
    CONTEXT_WINDOW = 128_000
    MAX_TOKENS = 8_192
    PRICES = Prices.of("0.25", "2.50", cache_read="0.0625", server_tool_usd_per_thousand="2.50")
