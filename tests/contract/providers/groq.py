"""Groq in the contract of every provider."""

from tests.contract.provider_rows import ProviderRow
from tests.contract.wire_replies import CHAT

ROW = ProviderRow(
    provider="groq",
    model="openai/gpt-oss-20b",
    replies={"chat": CHAT},
    key_variables=("GROQ_API_KEY",),
    address_variable="GROQ_BASE_URL",
)
