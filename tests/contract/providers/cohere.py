"""Cohere in the contract of every provider."""

from tests.contract.provider_rows import ProviderRow
from tests.contract.wire_replies import COHERE

ROW = ProviderRow(
    provider="cohere",
    model="command-a-plus-05-2026",
    replies={"cohere_v2": COHERE},
    key_variables=(
        "CO_API_KEY",
        "COHERE_API_KEY",
    ),
    address_variable="CO_API_URL",
)
