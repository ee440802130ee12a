"""Azure OpenAI in the contract of every provider."""

from dataclasses import replace

from tests.contract.provider_rows import ProviderRow
from tests.contract.wire_replies import CHAT, RESPONSES

ROW = ProviderRow(
    provider="azure",
    model="gpt-4.1-mini",
    replies={
        "chat": replace(CHAT, request_id_header="apim-request-id"),
        "responses": replace(RESPONSES, request_id_header="apim-request-id"),
    },
    key_variables=(
        "AZURE_OPENAI_API_KEY",
        "AZURE_OPENAI_KEY",
        "AZURE_OPENAI_AD_TOKEN",
    ),
    address_variable="AZURE_OPENAI_ENDPOINT",
    credentials={
        "api_key": lambda key: {"api_key": key},
        "token_provider": lambda key: {"token_provider": lambda: key},
    },
)
