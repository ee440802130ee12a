"""Amazon Bedrock in the contract of every provider."""

from tests.contract.provider_rows import ProviderRow
from tests.contract.wire_replies import CONVERSE

ROW = ProviderRow(
    provider="bedrock",
    model="us.anthropic.claude-sonnet-5-5",
    replies={"converse": CONVERSE},
    key_variables=(
        "AWS_BEARER_TOKEN_BEDROCK",
        "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY",
    ),
    address_variable="AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
    credentials={
        "api_key": lambda key: {"api_key": key},
        "access key": lambda key: {"access_key_id": "AKIA1", "secret_access_key": key},
        "session": lambda key: {"access_key_id": "AKIA1", "secret_access_key": "s", "session_token": key},
    },
    settings={"region": "us-east-1"},
    addresses={"control_url": ""},
)
