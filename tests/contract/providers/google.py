"""Google in the contract of every provider."""

from tests.contract.provider_rows import ProviderRow
from tests.contract.wire_replies import GEMINI

ROW = ProviderRow(
    provider="google",
    model="gemini-3.8-flash",
    replies={"gemini": GEMINI},
    key_variables=(
        "GOOGLE_API_KEY",
        "GEMINI_API_KEY",
    ),
    address_variable="GOOGLE_GEMINI_BASE_URL",
    credentials={
        "api_key": lambda key: {"api_key": key},
        "token_provider": lambda key: {"token_provider": lambda: key},
        "vertex": lambda key: {"api_key": key, "vertex": True},
    },
)
