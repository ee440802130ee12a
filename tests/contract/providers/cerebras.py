"""Cerebras in the contract of every provider."""

from tests.contract.provider_rows import ProviderRow
from tests.contract.wire_replies import CHAT

ROW = ProviderRow(
    provider="cerebras",
    model="gpt-oss-120b",
    replies={"chat": CHAT},
    key_variables=("CEREBRAS_API_KEY",),
    address_variable="CEREBRAS_BASE_URL",
)
