"""A server that speaks as OpenAI in the contract of every provider."""

from dataclasses import replace

from tests.contract.provider_rows import ProviderRow
from tests.contract.wire_replies import CHAT, RESPONSES

ROW = ProviderRow(
    provider="openai_compatible",
    model="any",
    replies={"chat": replace(CHAT, proof_frames=3), "responses": RESPONSES},
    key_variables=("OPENAI_COMPATIBLE_API_KEY",),
    address_variable="OPENAI_COMPATIBLE_BASE_URL",
    needs_key=False,
)
