"""Ollama in the contract of every provider."""

from tests.contract.provider_rows import ProviderRow
from tests.contract.wire_replies import OLLAMA

ROW = ProviderRow(
    provider="ollama",
    model="qwen3:4b",
    replies={"ollama": OLLAMA},
    key_variables=("OLLAMA_API_KEY",),
    address_variable="OLLAMA_HOST",
    needs_key=False,
)
