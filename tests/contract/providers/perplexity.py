"""Perplexity in the contract of every provider."""

from dataclasses import replace

from tests.contract.provider_rows import ProviderRow
from tests.contract.wire_replies import CHAT, RESPONSES

ROW = ProviderRow(
    provider="perplexity",
    model="perplexity/sonar",
    replies={"responses": RESPONSES, "chat": replace(CHAT, proof_frames=3)},
    key_variables=("PERPLEXITY_API_KEY",),
    address_variable="PERPLEXITY_BASE_URL",
    reported_cost={"cost": {"total_cost": 0.5}},
)
