"""From a stored configuration to a working LLM."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Any

from core.llms.context import LLMContext
from core.llms.create import create_llm
from core.llms.errors import MissingCredentialError
from core.llms.provider_config.compatibility import check_compatibility, find_metadata
from core.llms.provider_config.schemas import PromptTemplateBase, ProviderModelConfigResponse
from core.llms.providers.base.implementation import BaseLLM
from core.llms.runtime.middleware import CallNext, EventStream, Middleware, StreamNext
from core.llms.runtime.retry import RetryPolicy
from core.llms.types.messages import DeveloperMessage, Message, SystemMessage, UserMessage
from core.llms.types.request import LLMRequest
from core.llms.types.response import LLMResponse
from core.llms.types.secrets import Secret


def create_configured_llm(
    config: ProviderModelConfigResponse, *, retry: RetryPolicy | None = None, with_template: bool = True
) -> BaseLLM:
    """Make the LLM of a configuration: its parameters as defaults, its template around every call.

    Parameters that the model does not take are not sent. Whether the configuration is active is the caller's to ask.
    Raises `ConfigurationError`, and `MissingCredentialError` where the variable of `api_key_env` is not set.
    """
    known = check_compatibility(find_metadata(config.provider_name, config.model_id), config.parameters)
    options: dict[str, Any] = {**config.settings, "defaults": dict(known.sendable)}
    if config.base_url is not None:
        options["base_url"] = config.base_url
    if config.api_key_env is not None:
        options["api_key"] = _read_key(config)
    if retry is not None:
        options["retry"] = retry
    if with_template and config.prompt_template is not None:
        options["middleware"] = [PromptTemplateMiddleware(config.prompt_template)]
    return create_llm(f"{config.provider_name}/{config.model_id}", **options)


def _read_key(config: ProviderModelConfigResponse) -> Secret:
    assert config.api_key_env is not None
    key = os.environ.get(config.api_key_env)
    if not key:
        raise MissingCredentialError(
            f"no credential: set {config.api_key_env}, which `api_key_env` names",
            provider=config.provider_name,
            model=config.model_id,
        )
    return Secret(key)


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
