"""Fireworks AI in the contract of every provider."""

from tests.contract.provider_rows import ProviderRow
from tests.contract.wire_replies import CHAT

ROW = ProviderRow(
    provider="fireworks",
    model="accounts/fireworks/models/glm-5p3",
    replies={"chat": CHAT},
    key_variables=("FIREWORKS_API_KEY",),
    address_variable="FIREWORKS_BASE_URL",
)
