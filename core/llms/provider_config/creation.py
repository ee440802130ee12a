"""From a stored configuration to a working LLM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.llms.callers.base.params import as_argument
from core.llms.context import LLMContext
from core.llms.create import create_llm
from core.llms.provider_config.called_models import find_called_model
from core.llms.provider_config.compatibility import check_compatibility
from core.llms.provider_config.credentials.references import read_reference
from core.llms.provider_config.factories import require_factory
from core.llms.provider_config.provider_versions import factory_settings
from core.llms.provider_config.schemas import PromptTemplateBase, ProviderModelConfigResponse
from core.llms.providers.base.implementation import BaseLLM
from core.llms.runtime.middleware import CallNext, EventStream, Middleware, StreamNext
from core.llms.runtime.retry import RetryPolicy
from core.llms.types.messages import DeveloperMessage, Message, SystemMessage, UserMessage
from core.llms.types.request import LLMRequest
from core.llms.types.response import LLMResponse
from core.llms.types.secrets import Secret


def create_configured_llm(
    config: ProviderModelConfigResponse,
    secrets: Mapping[str, Secret] | None = None,
    *,
    retry: RetryPolicy | None = None,
    with_template: bool = True,
    middleware: Sequence[Middleware] = (),
) -> BaseLLM:
    """Make the LLM of a configuration: its parameters as defaults, its template around every call.

    Parameters that the model, or its wire, does not take are not sent. Whether the configuration is active is the
    caller's to ask. `secrets` are what `service.credentials.resolve(config)` returns; without them the environment
    alone is asked. `middleware` goes around the template.
    Raises `ConfigurationError`, `MissingCredentialError` where the variable of `api_key_env` is not set, and
    `CredentialError` for a stored credential whose secrets are not given.
    """
    settings = factory_settings(config)
    called = find_called_model(config.provider_name, config.model_id, settings)
    known = check_compatibility(called, config.parameters)
    options: dict[str, Any] = {**settings, "defaults": dict(known.sendable)}
    if config.base_url is not None:
        options["base_url"] = config.base_url
    factory = require_factory(config.provider_name, "provider_name")
    for name, secret in (read_reference(config) if secrets is None else secrets).items():
        options[name] = as_argument(factory, name, secret)
    if retry is not None:
        options["retry"] = retry
    around = list(middleware)
    if with_template and config.prompt_template is not None:
        around.append(PromptTemplateMiddleware(config.prompt_template))
    if around:
        options["middleware"] = around
    return create_llm(f"{config.provider_name}/{config.model_id}", **options)


@dataclass(frozen=True)
class PromptTemplateMiddleware(Middleware):
    """Puts a template around every call: its instructions first, unless the conversation has some, its prefixes around
    the last message of the user, where that is text.
    """

    template: PromptTemplateBase

    async def call(self, request: LLMRequest, ctx: LLMContext, call_next: CallNext) -> LLMResponse:
        return await call_next(self._put(request), ctx)

    def stream(self, request: LLMRequest, ctx: LLMContext, stream_next: StreamNext) -> EventStream:
        return stream_next(self._put(request), ctx)

    def _put(self, request: LLMRequest) -> LLMRequest:
        messages = list(request.messages)
        if messages and isinstance(messages[-1], UserMessage) and isinstance(messages[-1].content, str):
            messages[-1] = replace(messages[-1], content=self.template.render(messages[-1].content))
        if self.template.system_prompt and not any(map(_instructs, messages)):
            messages.insert(0, SystemMessage(self.template.system_prompt))
        return replace(request, messages=tuple(messages))


def _instructs(message: Message) -> bool:
    return isinstance(message, SystemMessage | DeveloperMessage)
