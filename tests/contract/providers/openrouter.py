"""OpenRouter in the contract of every provider."""

from tests.contract.provider_rows import ProviderRow
from tests.contract.wire_replies import CHAT, RESPONSES

ROW = ProviderRow(
    provider="openrouter",
    model="openai/gpt-6-sol",
    replies={"chat": CHAT, "responses": RESPONSES},
    key_variables=("OPENROUTER_API_KEY",),
    address_variable="OPENROUTER_BASE_URL",
    reported_cost={"cost": 0.5},
)
