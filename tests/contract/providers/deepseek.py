"""DeepSeek in the contract of every provider."""

from tests.contract.provider_rows import ProviderRow
from tests.contract.wire_replies import CHAT, RESPONSES

ROW = ProviderRow(
    provider="deepseek",
    model="deepseek-flash",
    replies={"chat": CHAT, "responses": RESPONSES},
    key_variables=("DEEPSEEK_API_KEY",),
    address_variable="DEEPSEEK_BASE_URL",
)
