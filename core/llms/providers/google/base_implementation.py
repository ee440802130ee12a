"""What all Gemini models share: the wire in the host's and the model's dialect, the model list, the count of tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final

from core.llms.context import LLMContext
from core.llms.providers.base.api_versions import ApiVersions
from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.credential_forms import CredentialForm
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.google.account import unconnected_config
from core.llms.providers.google.connector import GoogleConnector
from core.llms.providers.google.service_account import find_problem
from core.llms.types import parameters as names
from core.llms.types.prices import Prices
from core.llms.types.request import LLMRequest
from core.llms.types.response import ModelInfo, TokenCount
from core.llms.wires.gemini import GeminiDialect, GeminiWire

_OLDER: Final = re.compile(r"(?:.*/)?gemini-[12][.-]")
_WIDEST_BUDGETS: Final = (0, 24_576)


class GoogleBaseLLM(BaseLLM):
    """Works for every Gemini model.

    A model is of one of two generations: from Gemini 3 on it thinks by levels, checks the signatures of its calls, and
    takes media in tool results and JSON answers beside tools; before, it thinks by a budget and does none of these. The
    metadata's `THINKING_BUDGETS` says which, a model that is not listed is told by its name.
    """

    PROVIDER: ClassVar[str] = "google"
    DISPLAY_NAME: ClassVar[str] = "Google"
    WIRES: ClassVar[Mapping[str, str]] = {"gemini": "gemini"}
    API_VERSIONS: ClassVar[ApiVersions | None] = ApiVersions(("v1", "v1beta", "v1beta1", "beta"), form=r"v\d\w*")
    CREDENTIAL_FORMS: ClassVar[tuple[CredentialForm, ...]] = (
        CredentialForm(("api_key",)),
        CredentialForm(("service_account",), checks={"service_account": find_problem}),
    )
    COUNTS_TOKENS: ClassVar[bool] = True

    def __init__(
        self, connector: BaseConnector, metadata: type, *, prices: Prices | None = None, **options: Any
    ) -> None:
        super().__init__(connector, metadata, prices=prices or _regional_prices(connector, metadata), **options)

    @classmethod
    def unconnected_arguments(cls, settings: Mapping[str, Any]) -> dict[str, Any]:
        return {"connector": GoogleConnector(unconnected_config(settings))}

    def _telemetry_name(self) -> str:
        vertex = isinstance(self.connector, GoogleConnector) and self.connector.vertex
        return "gcp.vertex_ai" if vertex else "gcp.gemini"

    def _create_wire(self, name: str | None) -> GeminiWire:
        return GeminiWire(self._with_generation(self._host_dialect()))

    @property
    def _gemini(self) -> GeminiWire:
        return self.wire if isinstance(self.wire, GeminiWire) else self._create_wire(None)

    def _host_dialect(self) -> GeminiDialect:
        connector = self.connector
        if not isinstance(connector, GoogleConnector):
            return GeminiDialect()
        version = connector.version_for(self.model)
        if not connector.vertex:
            return GeminiDialect(version=version)
        inexpressible = GeminiDialect().inexpressible | {names.PARAM_STORE}
        embeds: dict[str, Any] = {"embedding_method": "predict"}
        if "maas" in self.model:
            embeds = {"embedding_method": "embedContent", "embeds_with_config": True}
        elif "gemini" in self.model:
            embeds = {"embeds_with_config": True}
        return GeminiDialect(
            version=version,
            scope=connector.scope,
            collection="publishers/google/models",
            wraps_count=False,
            requires_media_type=True,
            inexpressible=inexpressible,
            **embeds,
        )

    def _with_generation(self, dialect: GeminiDialect) -> GeminiDialect:
        budgets = getattr(self.metadata, "THINKING_BUDGETS", _WIDEST_BUDGETS if _OLDER.match(self.model) else None)
        if budgets is None:
            return dialect
        return replace(
            dialect,
            thinking="budget",
            thinking_budgets=budgets,
            media_in_results=False,
            json_with_tools=False,
            checks_signatures=False,
            search_fee="prompt",
        )

    async def list_models(self, ctx: LLMContext | None = None) -> list[ModelInfo]:
        """Return the models that the vendor offers to this credential, all pages of them."""
        call = self._begin(ctx)
        models, token = await self._fetch_models(None, call)
        while token is not None:
            page, token = await self._fetch_models(token, call)
            models.extend(page)
        return models

    async def _fetch_models(self, token: str | None, call: LLMContext) -> tuple[list[ModelInfo], str | None]:
        wire = self._gemini
        rendered = wire.render_models(token)

        def read(body: Any) -> tuple[list[ModelInfo], str | None]:
            return wire.parse_models(body), wire.parse_next_page(body)

        return await self._attempts.repeat(lambda: self._exchange.fetch(rendered, call, read), call)

    async def _count_exactly(self, request: LLMRequest, ctx: LLMContext) -> TokenCount:
        wire = self._gemini
        rendered = wire.render_token_count(request)
        tokens = await self._attempts.repeat(lambda: self._exchange.fetch(rendered, ctx, wire.parse_token_count), ctx)
        return TokenCount(tokens, exact=True)


def _regional_prices(connector: BaseConnector, metadata: type) -> Prices | None:
    """Return what the model costs at the connector's location, or None where that is its listed price."""
    uplift = getattr(metadata, "REGIONAL_UPLIFT", None)
    prices: Prices | None = getattr(metadata, "PRICES", None)
    if uplift is None or prices is None or not isinstance(connector, GoogleConnector):
        return None
    if connector.location in (None, "global"):
        return None
    # Searches cost the same everywhere; no price with an uplift has prompt tiers.
    tiers = {name: tier.scaled(uplift, uplift) for name, tier in prices.service_tiers.items()}
    fee = prices.server_tool_usd_per_thousand
    return replace(prices.scaled(uplift, uplift), service_tiers=tiers, server_tool_usd_per_thousand=fee)
