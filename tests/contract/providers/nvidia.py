"""NVIDIA in the contract of every provider."""

from tests.contract.provider_rows import ProviderRow
from tests.contract.wire_replies import CHAT

ROW = ProviderRow(
    provider="nvidia",
    model="openai/gpt-oss-20b",
    replies={"chat": CHAT},
    key_variables=("NVIDIA_API_KEY",),
    address_variable="NVIDIA_BASE_URL",
)
