"""Anthropic in the contract of every provider."""

from tests.contract.provider_rows import ProviderRow
from tests.contract.wire_replies import MESSAGES

ROW = ProviderRow(
    provider="anthropic",
    model="claude-sonnet-5-5",
    replies={"messages": MESSAGES},
    key_variables=(
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_AUTH_TOKEN",
    ),
    address_variable="ANTHROPIC_BASE_URL",
    credentials={
        "api_key": lambda key: {"api_key": key},
        "auth_token": lambda key: {"auth_token": key},
        "x-api-key": lambda key: {"api_key": key, "key_header": "x-api-key"},
    },
)
