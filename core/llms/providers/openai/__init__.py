"""OpenAI: `create_openai_llm`."""

from __future__ import annotations

from typing import Unpack

from core.llms.providers.base.auth import TokenProvider
from core.llms.providers.base.factory import LLMOptions, build_llm, share_connector
from core.llms.providers.base.transport import Timeouts, TransportOptions
from core.llms.providers.openai.base_implementation import OpenAIBaseLLM
from core.llms.providers.openai.connector import OpenAIConfig, OpenAIConnector
from core.llms.providers.openai.models import ROOMS
from core.llms.types.secrets import Secret

__all__ = ["OpenAIBaseLLM", "OpenAIConfig", "OpenAIConnector", "create_openai_llm"]


def create_openai_llm(
    model_name: str,
    *,
    api_key: str | Secret | TokenProvider | None = None,
    base_url: str | None = None,
    organization: str | None = None,
    project: str | None = None,
    wire: str | None = None,
    connector: OpenAIConnector | None = None,
    timeouts: Timeouts | None = None,
    transport: TransportOptions | None = None,
    **options: Unpack[LLMOptions],
) -> OpenAIBaseLLM:
    """Make the LLM of an OpenAI model; what is left out comes from the environment (see `OpenAIConfig`).

    `wire` is `chat` or `responses`; by default the model chooses. Raises `MissingCredentialError`.
    """
    config = OpenAIConfig(
        api_key=api_key,
        base_url=base_url,
        organization=organization,
        project=project,
        timeouts=timeouts,
        transport=transport,
    )
    shared, lease = share_connector(connector, lambda: OpenAIConnector(config), options, create_openai_llm)
    return build_llm(OpenAIBaseLLM, model_name, ROOMS, options, connector=shared, lease=lease, wire=wire)
