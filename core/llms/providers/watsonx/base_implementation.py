"""What all models at watsonx.ai share: the wire for a place or a deployment, the model list, the count of tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from core.llms.context import LLMContext
from core.llms.errors import ConfigurationError
from core.llms.providers.base.api_versions import ApiVersions
from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.credential_forms import CredentialForm
from core.llms.providers.base.credentials import from_environment
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.base.metadata import BaseMetadata, as_metadata
from core.llms.providers.watsonx.account import API_VERSION
from core.llms.providers.watsonx.connector import WatsonxConnector
from core.llms.types.content import TextPart
from core.llms.types.request import LLMRequest
from core.llms.types.response import ModelInfo, TokenCount
from core.llms.wires.openai_chat import ChatDialect, OpenAIChatWire
from core.llms.wires.watsonx import ERRORS, WatsonxGenerationWire, WatsonxScope, WatsonxWire

# No `developer` role, no `strict` of tools, no `[DONE]`: `TextChat…` of ibm-watsonx-ai 1.8.1. `max_tokens` is the older
# name of the limit. Reasons: IBM's SDK for Java, `FinishReason.java`, read 2026-11-28.
DIALECT: Final = ChatDialect(
    developer_role="system",
    supports_strict_tools=False,
    reasoning_fields=("reasoning_content", "reasoning"),
    reasoning_echo_field="reasoning_content",
    finish_reasons={"time_limit": "length", "cancelled": "error"},
    requires_done=False,
    errors=ERRORS,
)


class WatsonxBaseLLM(BaseLLM):
    """Works for every model at watsonx.ai that chats, embeds or, by `wire="generation"`, goes on with a prompt.

    A call runs in a project or a space, `project_id` (WATSONX_PROJECT_ID) or `space_id` (WATSONX_SPACE_ID,
    WATSONX_DEPLOYMENT_SPACE_ID), else the connector's, or at a deployment, which needs neither. What a deployment costs
    is not known: it may be billed by the hour.
    """

    PROVIDER: ClassVar[str] = "watsonx"
    DISPLAY_NAME: ClassVar[str] = "IBM watsonx.ai"
    TELEMETRY_NAME: ClassVar[str] = "ibm.watsonx.ai"
    WIRES: ClassVar[Mapping[str, str]] = {"chat": "watsonx", "generation": "watsonx_generation"}
    API_VERSIONS: ClassVar[ApiVersions | None] = ApiVersions((API_VERSION,), form=r"\d{4}-\d{2}-\d{2}")
    CREDENTIAL_FORMS: ClassVar[tuple[CredentialForm, ...]] = (
        CredentialForm(("api_key",), optional=("username",)),
        CredentialForm(("token",)),
        CredentialForm(("zen_api_key",)),
        CredentialForm(("username", "password")),
    )
    COUNTS_TOKENS: ClassVar[bool] = True
    wire: WatsonxWire

    def __init__(
        self,
        connector: BaseConnector,
        metadata: type,
        *,
        project_id: str | None = None,
        space_id: str | None = None,
        deployment_id: str | None = None,
        **options: Any,
    ) -> None:
        if project_id is None and space_id is None and isinstance(connector, WatsonxConnector):
            project_id, space_id = connector.config.project_id, connector.config.space_id
        self._scope = _resolve_scope(project_id, space_id, deployment_id)
        facts = as_metadata(metadata, self.PROVIDER)
        super().__init__(connector, facts if deployment_id is None else _without_prices(facts), **options)

    @classmethod
    def unconnected_arguments(cls, settings: Mapping[str, Any]) -> dict[str, Any]:
        return {**super().unconnected_arguments(settings), "project_id": "none"}

    def _create_wire(self, name: str | None) -> WatsonxWire:
        chat = OpenAIChatWire(DIALECT)
        return WatsonxGenerationWire(chat, self._scope) if name == "generation" else WatsonxWire(chat, self._scope)

    async def list_models(self, ctx: LLMContext | None = None) -> list[ModelInfo]:
        """Return the models that the region offers, page after page."""
        call, wire = self._begin(ctx), self.wire
        models: list[ModelInfo] = []
        start: str | None = None

        def read(body: Any) -> tuple[list[ModelInfo], str | None]:
            return wire.parse_models(body), wire.parse_next_page(body)

        while True:
            rendered = wire.render_models(start)
            page, start = await self._attempts.repeat(lambda: self._exchange.fetch(rendered, call, read), call)  # noqa: B023
            models.extend(page)
            if start is None:
                return models

    async def _count_exactly(self, request: LLMRequest, ctx: LLMContext) -> TokenCount:
        rendered = self.wire.render_tokenization(self.model, "\n".join(_texts(request)))
        count = self.wire.parse_token_count
        tokens = await self._attempts.repeat(lambda: self._exchange.fetch(rendered, ctx, count), ctx)
        note = "the texts alone, by the model's tokenizer: what its template adds to them the vendor counts only in use"
        return TokenCount(tokens, exact=False, note=note, text_tokens=tokens)


def _texts(request: LLMRequest) -> Iterator[str]:
    for message in request.messages:
        yield from (part.text for part in message.parts if isinstance(part, TextPart))


def _resolve_scope(project_id: str | None, space_id: str | None, deployment_id: str | None) -> WatsonxScope:
    if project_id is not None and space_id is not None:
        raise ConfigurationError("give `project_id` or `space_id`, not both", provider="watsonx")
    if project_id is None and space_id is None:
        project_id = from_environment("WATSONX_PROJECT_ID")
        space_id = from_environment("WATSONX_SPACE_ID", "WATSONX_DEPLOYMENT_SPACE_ID")
    if project_id is None and space_id is None and deployment_id is None:
        raise ConfigurationError(
            "no project for watsonx: pass `project_id=` or `space_id=`, or set the environment variable "
            "WATSONX_PROJECT_ID, or WATSONX_SPACE_ID or WATSONX_DEPLOYMENT_SPACE_ID",
            provider="watsonx",
        )
    return WatsonxScope(project_id, space_id, deployment_id)


def _without_prices(metadata: type[BaseMetadata]) -> type[BaseMetadata]:
    nothing = {"PRICES": None, "COST_PER_1K_INPUT": None, "COST_PER_1K_OUTPUT": None}
    return type(metadata.__name__, (metadata,), nothing)
