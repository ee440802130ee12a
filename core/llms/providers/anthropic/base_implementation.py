"""What all of Anthropic's models share: the Messages wire in one API version, and the endpoint that counts tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from core.llms.context import LLMContext
from core.llms.providers.anthropic.metadata import AnthropicMetadata
from core.llms.providers.base.api_versions import ApiVersions
from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.credential_forms import CredentialForm
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.base.metadata import BaseMetadata, as_metadata
from core.llms.providers.base.narrowing import refuse_params
from core.llms.types.request import LLMRequest
from core.llms.types.response import TokenCount
from core.llms.wires.anthropic_messages import (
    API_VERSION,
    API_VERSION_2023,
    AnthropicMessagesWire,
    MessagesDialect,
    version_takes_sampling,
)
from core.llms.wires.anthropic_messages.styles import SAMPLING
from core.llms.wires.base import Wire


class AnthropicBaseLLM(BaseLLM):
    """Works for every model of Anthropic.

    `api_version` goes out as `anthropic-version`. Under 2026-10-21 there are no sampling parameters: those that the
    caller sets are refused before anything is sent, those of a configuration left out with a warning. A model that
    still takes them does so with `api_version="2023-06-01"`. `betas` are the vendor's previews to turn on.
    """

    PROVIDER: ClassVar[str] = "anthropic"
    DISPLAY_NAME: ClassVar[str] = "Anthropic"
    WIRES: ClassVar[Mapping[str, str]] = {"messages": "anthropic_messages"}
    API_VERSIONS: ClassVar[ApiVersions | None] = ApiVersions((API_VERSION, API_VERSION_2023))
    CREDENTIAL_FORMS: ClassVar[tuple[CredentialForm, ...]] = (
        CredentialForm(("api_key",)),
        CredentialForm(("auth_token",)),
    )
    EMBEDS: ClassVar[bool] = False
    COUNTS_TOKENS: ClassVar[bool] = True

    def __init__(
        self,
        connector: BaseConnector,
        metadata: type,
        *,
        api_version: str = API_VERSION,
        betas: Sequence[str] = (),
        **options: Any,
    ) -> None:
        self.api_version = api_version
        self.betas: tuple[str, ...] = tuple(betas)
        super().__init__(connector, _under_version(as_metadata(metadata, self.PROVIDER), api_version), **options)

    def _create_wire(self, name: str | None) -> Wire:
        return AnthropicMessagesWire(self._create_dialect())

    def _create_dialect(self) -> MessagesDialect:
        facts = self.metadata if issubclass(self.metadata, AnthropicMetadata) else AnthropicMetadata
        return MessagesDialect(
            api_version=self.api_version,
            betas=self.betas,
            max_output_tokens=self.metadata.MAX_TOKENS,
            thinking=facts.THINKING,
            forced_tool_use=facts.FORCED_TOOL_USE,
            system_in_messages=facts.SYSTEM_IN_MESSAGES,
        )

    async def _count_exactly(self, request: LLMRequest, ctx: LLMContext) -> TokenCount:
        wire = AnthropicMessagesWire(self._create_dialect())
        rendered = wire.render_token_count(request)
        tokens = await self._attempts.repeat(lambda: self._exchange.fetch(rendered, ctx, wire.parse_token_count), ctx)
        return TokenCount(tokens, exact=True)


def _under_version(metadata: type[BaseMetadata], api_version: str) -> type[BaseMetadata]:
    if version_takes_sampling(api_version):
        return metadata
    fix = f'create the LLM with api_version="{API_VERSION_2023}", where it does'
    return refuse_params(metadata, SAMPLING, f"does not exist in the API version {api_version}: leave it out, or {fix}")
