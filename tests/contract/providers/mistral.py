"""Mistral in the contract of every provider."""

from tests.contract.provider_rows import ProviderRow
from tests.contract.wire_replies import CHAT

ROW = ProviderRow(
    provider="mistral",
    model="mistral-large-4",
    replies={"chat": CHAT},
    key_variables=("MISTRAL_API_KEY",),
    address_variable="MISTRAL_BASE_URL",
)
