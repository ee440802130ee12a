"""Anthropic: `create_anthropic_llm`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Unpack

from core.llms.providers.anthropic.base_implementation import AnthropicBaseLLM
from core.llms.providers.anthropic.connector import AnthropicConfig, AnthropicConnector
from core.llms.providers.anthropic.metadata import AnthropicMetadata
from core.llms.providers.anthropic.models import ROOMS
from core.llms.providers.base.auth import TokenProvider
from core.llms.providers.base.factory import LLMOptions, build_llm, share_connector
from core.llms.providers.base.transport import Timeouts, TransportOptions
from core.llms.types.secrets import Secret
from core.llms.wires.anthropic_messages import API_VERSION

__all__ = [
    "AnthropicBaseLLM",
    "AnthropicConfig",
    "AnthropicConnector",
    "AnthropicMetadata",
    "create_anthropic_llm",
]


def create_anthropic_llm(
    model_name: str,
    *,
    api_key: str | Secret | TokenProvider | None = None,
    auth_token: str | Secret | TokenProvider | None = None,
    base_url: str | None = None,
    key_header: Literal["authorization", "x-api-key"] = "authorization",
    api_version: str = API_VERSION,
    betas: Sequence[str] = (),
    wire: str | None = None,
    connector: AnthropicConnector | None = None,
    timeouts: Timeouts | None = None,
    transport: TransportOptions | None = None,
    **options: Unpack[LLMOptions],
) -> AnthropicBaseLLM:
    """Make the LLM of an Anthropic model; what is left out comes from the environment (see `AnthropicConfig`).

    `api_version` and `betas` are as in `AnthropicBaseLLM`. Raises `MissingCredentialError` and `ConfigurationError`.
    """
    config = AnthropicConfig(
        api_key=api_key,
        auth_token=auth_token,
        base_url=base_url,
        key_header=key_header,
        timeouts=timeouts,
        transport=transport,
    )
    shared, lease = share_connector(connector, lambda: AnthropicConnector(config), options, create_anthropic_llm)
    settings = {"api_version": api_version, "betas": betas}
    return build_llm(
        AnthropicBaseLLM, model_name, ROOMS, options, connector=shared, lease=lease, wire=wire, settings=settings
    )
