"""Together AI in the contract of every provider."""

from tests.contract.provider_rows import ProviderRow
from tests.contract.wire_replies import CHAT

ROW = ProviderRow(
    provider="together",
    model="openai/gpt-oss-120b",
    replies={"chat": CHAT},
    key_variables=("TOGETHER_API_KEY",),
    address_variable="TOGETHER_BASE_URL",
)
