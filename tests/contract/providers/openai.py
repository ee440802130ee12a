"""OpenAI in the contract of every provider."""

from tests.contract.provider_rows import ProviderRow
from tests.contract.wire_replies import CHAT, RESPONSES

ROW = ProviderRow(
    provider="openai",
    model="gpt-4.1-mini",
    replies={"chat": CHAT, "responses": RESPONSES},
    key_variables=("OPENAI_API_KEY",),
    address_variable="OPENAI_BASE_URL",
)
