"""Verifying a configuration by a real call, cheap and bounded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, TypeAlias

from core.llms.context import LLMContext
from core.llms.errors import APIError, AuthenticationError, InvalidRequestError, PermissionDeniedError, ProtocolError
from core.llms.provider_config.creation import create_configured_llm
from core.llms.provider_config.credentials.references import resolve_reference
from core.llms.provider_config.schemas import ProviderModelConfigResponse
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.base.metadata import Capability
from core.llms.runtime.retry import NO_RETRY
from core.llms.types.secrets import Secret

Resolve: TypeAlias = Callable[[ProviderModelConfigResponse], Awaitable[Mapping[str, Secret]]]


class Verifier(Protocol):
    """Finds out whether a provider answers for a configuration."""

    async def verify(self, config: ProviderModelConfigResponse) -> None:
        """Return where it does. Raises the `LLMError` that says why it does not."""
        ...


class CallVerifier:
    """Asks for the provider's list of models; where that does not name the model, for one short answer of it.

    The answer costs at most 16 tokens. Everything together takes at most `timeout_seconds`; nothing is tried again.
    `resolve` finds the secrets: `service.credentials.resolve`, where credentials are stored.
    """

    def __init__(self, timeout_seconds: float = 15.0, *, resolve: Resolve = resolve_reference) -> None:
        self._timeout_seconds = timeout_seconds
        self._resolve = resolve

    async def verify(self, config: ProviderModelConfigResponse) -> None:
        """Return where the provider answers. Raises `LLMError`."""
        ctx = LLMContext(timeout_seconds=self._timeout_seconds)
        secrets = await self._resolve(config)
        async with create_configured_llm(config, secrets, retry=NO_RETRY, with_template=False) as llm:
            if await _is_listed(llm, ctx):
                return
            if llm.metadata.supports(Capability.EMBEDDINGS) and llm.metadata.supports(Capability.STREAMING) is False:
                await llm.embed("ok", ctx)
            else:
                await llm.get_answer("Say: ok", ctx, max_tokens=16, on_unsupported="drop")


async def _is_listed(llm: BaseLLM, ctx: LLMContext) -> bool:
    try:
        models = await llm.list_models(ctx)
    except (AuthenticationError, PermissionDeniedError):
        raise
    except (APIError, InvalidRequestError, ProtocolError):
        # Not every provider, and not every gateway, has a list: then the model itself is asked.
        return False
    return llm.model in {model.id for model in models}
