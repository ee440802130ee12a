"""xAI in the contract of every provider."""

from tests.contract.provider_rows import ProviderRow
from tests.contract.wire_replies import CHAT, RESPONSES

ROW = ProviderRow(
    provider="xai",
    model="grok-4.7",
    replies={"responses": RESPONSES, "chat": CHAT},
    key_variables=("XAI_API_KEY",),
    address_variable="XAI_BASE_URL",
    reported_cost={"cost_in_usd_ticks": 5_000_000_000},
)
