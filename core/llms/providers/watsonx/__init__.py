"""IBM watsonx.ai, in IBM Cloud, on AWS and at Cloud Pak for Data: `create_watsonx_llm`."""

from __future__ import annotations

from typing import Unpack

from core.llms.providers.base.auth import TokenProvider
from core.llms.providers.base.factory import LLMOptions, build_llm, share_connector
from core.llms.providers.base.transport import Timeouts, TransportOptions
from core.llms.providers.watsonx.base_implementation import WatsonxBaseLLM
from core.llms.providers.watsonx.connector import WatsonxConfig, WatsonxConnector
from core.llms.providers.watsonx.models import ROOMS, find_id
from core.llms.types.secrets import Secret

__all__ = ["WatsonxBaseLLM", "WatsonxConfig", "WatsonxConnector", "create_watsonx_llm"]


def create_watsonx_llm(
    model_name: str,
    *,
    api_key: str | Secret | None = None,
    project_id: str | None = None,
    space_id: str | None = None,
    deployment_id: str | None = None,
    region: str | None = None,
    base_url: str | None = None,
    iam_url: str | None = None,
    api_version: str | None = None,
    token: str | Secret | TokenProvider | None = None,
    zen_api_key: str | Secret | None = None,
    username: str | None = None,
    password: str | Secret | None = None,
    wire: str | None = None,
    connector: WatsonxConnector | None = None,
    timeouts: Timeouts | None = None,
    transport: TransportOptions | None = None,
    **options: Unpack[LLMOptions],
) -> WatsonxBaseLLM:
    """Make the LLM of a model, or of a deployment of it; what is left out comes from the environment.

    Credentials and addresses are those of `WatsonxConfig`, project, space and deployment those of `WatsonxBaseLLM`. A
    listed model may go without its publisher: `granite-4-h-small`. Raises `MissingCredentialError` and
    `ConfigurationError`.
    """
    config = WatsonxConfig(
        api_key=api_key,
        token=token,
        zen_api_key=zen_api_key,
        username=username,
        password=password,
        region=region,
        base_url=base_url,
        iam_url=iam_url,
        api_version=api_version,
        timeouts=timeouts,
        transport=transport,
    )
    settings = {"project_id": project_id, "space_id": space_id, "deployment_id": deployment_id}
    shared, lease = share_connector(connector, lambda: WatsonxConnector(config), options, create_watsonx_llm)
    return build_llm(
        WatsonxBaseLLM, find_id(model_name), ROOMS, options, connector=shared, lease=lease, wire=wire, settings=settings
    )
