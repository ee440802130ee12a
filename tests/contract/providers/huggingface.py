"""Hugging Face in the contract of every provider."""

from dataclasses import replace

from tests.contract.provider_rows import ProviderRow
from tests.contract.wire_replies import CHAT

ROW = ProviderRow(
    provider="huggingface",
    model="openai/gpt-oss-120b",
    replies={"chat": replace(CHAT, proof_frames=3)},
    key_variables=("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"),
    address_variable="HUGGINGFACE_BASE_URL",
)
