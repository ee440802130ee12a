"""Amazon Bedrock: `create_bedrock_llm`."""

from __future__ import annotations

from typing import Unpack

from core.llms.providers.base.auth import TokenProvider
from core.llms.providers.base.factory import LLMOptions, build_llm, share_connector
from core.llms.providers.base.transport import Timeouts, TransportOptions
from core.llms.providers.bedrock.base_implementation import BedrockBaseLLM
from core.llms.providers.bedrock.connector import BedrockConfig, BedrockConnector
from core.llms.providers.bedrock.metadata import BedrockMetadata
from core.llms.providers.bedrock.models import ROOMS, find_listed
from core.llms.providers.bedrock.sigv4 import SigV4Auth
from core.llms.types.secrets import Secret

__all__ = [
    "BedrockBaseLLM",
    "BedrockConfig",
    "BedrockConnector",
    "BedrockMetadata",
    "SigV4Auth",
    "create_bedrock_llm",
]


def create_bedrock_llm(
    model_name: str,
    *,
    region: str | None = None,
    api_key: str | Secret | TokenProvider | None = None,
    access_key_id: str | None = None,
    secret_access_key: str | Secret | None = None,
    session_token: str | Secret | None = None,
    profile: str | None = None,
    base_url: str | None = None,
    control_url: str | None = None,
    wire: str | None = None,
    connector: BedrockConnector | None = None,
    timeouts: Timeouts | None = None,
    transport: TransportOptions | None = None,
    **options: Unpack[LLMOptions],
) -> BedrockBaseLLM:
    """Make the LLM of a model on Bedrock; what is left out comes from the environment (see `BedrockConfig`).

    `model_name` is a model's id, an inference profile, or an ARN of either. A profile that is not listed has the facts
    of its model, without its prices. Raises `ConfigurationError`, and `MissingCredentialError` at the first call where
    the search for credentials finds none.
    """
    config = BedrockConfig(
        region=region,
        api_key=api_key,
        access_key_id=access_key_id,
        secret_access_key=secret_access_key,
        session_token=session_token,
        profile=profile,
        base_url=base_url,
        control_url=control_url,
        timeouts=timeouts,
        transport=transport,
    )
    shared, lease = share_connector(connector, lambda: BedrockConnector(config), options, create_bedrock_llm)
    model = None
    if options.get("metadata") is None and (listed := find_listed(model_name)) is not None:
        options["metadata"], model = listed, model_name
    return build_llm(BedrockBaseLLM, model_name, ROOMS, options, connector=shared, lease=lease, wire=wire, model=model)
