"""What a user calls, the same for every provider. A provider or model overrides the few hooks that differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from core.llms.context import LLMContext
from core.llms.errors import UnsupportedCapabilityError
from core.llms.providers.base.metadata import Capability
from core.llms.providers.base.routed import RoutedLLM
from core.llms.providers.base.structured import plan_answer
from core.llms.runtime.tokens.estimates import estimate_highest_cost
from core.llms.types.content import ImageDetail, ImagePart, Part, TextPart
from core.llms.types.message_dicts import MessagesInput
from core.llms.types.messages import Message, SystemMessage, UserMessage
from core.llms.types.options import AnswerOptions, ToolInput, ToolRunOptions
from core.llms.types.parameters import PARAM_N, PARAM_SERVICE_TIER
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse, ModelInfo, TokenCount
from core.llms.types.tools import ResponseFormat
from core.llms.wires.base import RenderedRequest

if TYPE_CHECKING:
    from core.llms.runtime.tokens.cost_estimates import CostEstimate
    from core.llms.runtime.tool_loop import ToolRun


class BaseLLM(RoutedLLM):
    """One model of one provider: answers, streams, sees, calls tools, embeds, lists and counts.

    Its arguments, and how it is closed, are those of `AnsweringLLM`. A provider without an endpoint for embeddings sets
    `EMBEDS` to false; one with an endpoint that counts tokens sets `COUNTS_TOKENS` and overrides `_count_exactly`.
    """

    EMBEDS: ClassVar[bool] = True
    COUNTS_TOKENS: ClassVar[bool] = False

    def render_answer(
        self, messages: MessagesInput, *, stream: bool = False, **options: Unpack[AnswerOptions]
    ) -> RenderedRequest:
        """Return what `get_answer` would send, with what would be warned of; nothing is sent, and no file is read.

        Raises `InvalidRequestError` where the call would.
        """
        plan = plan_answer(options, self.metadata)
        request = self._build(self._builder.parse_messages(messages), options, plan, stream=stream)
        rendered = self.wire.render_request(request)
        return replace(rendered, warnings=(*request.warnings, *rendered.warnings))

    def reserved_cost(
        self, messages: MessagesInput, *, stream: bool = False, **options: Unpack[AnswerOptions]
    ) -> Decimal | None:
        """Say what a budget sets aside in USD for a call, before anything is sent; None where no price is known.

        It is a round figure from above; `estimate_cost` counts. Raises `InvalidRequestError` where the call would, and
        `BudgetExceededError` where `max_tokens` is not set and the model's largest answer is not known.
        """
        plan = plan_answer(options, self.metadata)
        request = self._build(self._builder.parse_messages(messages), options, plan, stream=stream)
        self.wire.render_request(request)
        return None if self.prices is None else estimate_highest_cost(request, self.prices, self.metadata.MAX_TOKENS)

    async def generate_with_vision(
        self,
        prompt: str,
        images: Sequence[str | Path | bytes | ImagePart] | str | Path | bytes | ImagePart,
        context: LLMContext | None = None,
        *,
        system: str | None = None,
        detail: ImageDetail | None = None,
        **options: Unpack[AnswerOptions],
    ) -> LLMResponse:
        """Answer a prompt about images: addresses, data URLs, paths or bytes, one or several.

        Raises `UnsupportedCapabilityError` for a model without vision and `MediaError` for a file that is missing, too
        large or no image, before anything is sent.
        """
        several = images if isinstance(images, list | tuple) else (images,)
        if not several or None in several:
            raise self._refusal("`images` must be one or more addresses, paths, bytes or ImageParts")
        if self.metadata.supports(Capability.VISION) is False and len(self.targets) == 1:
            raise UnsupportedCapabilityError(
                "the model does not take images; choose one whose capabilities include 'vision'",
                provider=self.PROVIDER,
                model=self.model,
            )
        try:
            parts: list[Part] = [TextPart(prompt), *(ImagePart.of(image, detail) for image in several)]
        except (TypeError, ValueError) as error:
            raise self._refusal(f"`images`: {error}") from error
        messages: list[Message] = [UserMessage(parts)]
        if system is not None:
            messages.insert(0, SystemMessage(system))
        return await self.get_answer(messages, context, **options)

    async def run_tools(
        self,
        messages: MessagesInput,
        ctx: LLMContext | None = None,
        *,
        tools: Sequence[ToolInput],
        max_rounds: int = 8,
        max_parallel: int = 8,
        tool_timeout_seconds: float = 60.0,
        **options: Unpack[ToolRunOptions],
    ) -> ToolRun:
        """Answer a conversation, calling the tools the model asks for until it answers.

        Calls of one round run at once, `max_parallel` of them; a failing tool is reported to the model. A forced
        `tool_choice` holds for the first round. Raises `ToolRoundsExceededError` after `max_rounds`.
        """
        from core.llms.runtime.tool_functions import as_tool
        from core.llms.runtime.tool_loop import run_tool_loop

        context = ctx or LLMContext()
        known = [as_tool(tool) for tool in tools]

        async def answer(conversation: tuple[Message, ...], round_index: int) -> LLMResponse:
            again: AnswerOptions = {**options, "tools": known}
            if round_index and again.get("tool_choice") not in (None, "none"):
                again["tool_choice"] = "auto"
            return await self.get_answer(conversation, context, **again)

        return await run_tool_loop(
            answer,
            await self._load(messages, options, context),
            known,
            context,
            max_rounds=max_rounds,
            max_parallel=max_parallel,
            tool_timeout_seconds=tool_timeout_seconds,
        )

    async def embed(
        self,
        texts: str | Sequence[str],
        ctx: LLMContext | None = None,
        *,
        dimensions: int | None = None,
        input_type: str | None = None,
        provider_options: Mapping[str, Any] | None = None,
    ) -> EmbeddingResponse:
        """Turn texts into vectors, in their order. Raises as `get_answer`."""
        several = (texts,) if isinstance(texts, str) else tuple(texts)
        if not several or not all(isinstance(text, str) and text for text in several):
            raise self._refusal("`texts` must be one or more strings, none of them empty")
        self.require_embeddings()
        request = EmbeddingRequest(self.model, several, dimensions, input_type, provider_options or {})
        return await self._embed(request, self._begin(ctx))

    def require_embeddings(self) -> None:
        """Raise `UnsupportedCapabilityError` where the provider, or the model, makes no embeddings."""
        if not self.EMBEDS:
            raise UnsupportedCapabilityError(
                "this provider makes no embeddings; choose one that does", provider=self.PROVIDER, model=self.model
            )
        if self.metadata.supports(Capability.EMBEDDINGS) is False:
            raise UnsupportedCapabilityError(
                "the model does not make embeddings", provider=self.PROVIDER, model=self.model
            )

    async def list_models(self, ctx: LLMContext | None = None) -> list[ModelInfo]:
        """Return the models that the vendor offers to this credential."""
        call = self._begin(ctx)
        rendered = self.wire.render_models()
        return await self._attempts.repeat(lambda: self._exchange.fetch(rendered, call, self.wire.parse_models), call)

    async def count_tokens(
        self,
        messages: MessagesInput,
        ctx: LLMContext | None = None,
        *,
        tools: Sequence[ToolInput] | None = None,
        response_format: ResponseFormat | None = None,
        exact: bool = False,
    ) -> TokenCount:
        """Count a prompt's tokens, offline; with `exact` by the vendor's own endpoint where it has one.

        Where the model's encoding is not public the count is an estimate, whose `note` says how far off such were.
        """
        if exact:
            self.require_token_count()
        typed = await self._load(messages, {}, ctx or LLMContext())
        options: AnswerOptions = {"tools": tools, "response_format": response_format}
        plan = plan_answer(options, self.metadata)
        if exact:
            return await self._count_exactly(self._build(typed, options, plan), self._begin(ctx))
        return await self._count_locally(self._build(typed, options, plan))

    def require_token_count(self) -> None:
        """Raise `UnsupportedCapabilityError` where the vendor has no endpoint that counts tokens."""
        if not self.COUNTS_TOKENS:
            raise UnsupportedCapabilityError(
                "this provider has no endpoint that counts tokens; leave `exact` out", provider=self.PROVIDER
            )

    async def estimate_cost(
        self,
        messages: MessagesInput,
        ctx: LLMContext | None = None,
        *,
        expected_output_tokens: int | None = None,
        **options: Unpack[AnswerOptions],
    ) -> CostEstimate:
        """Say what `get_answer` with the same arguments may cost, offline: at least, probably and at most.

        Without `max_tokens` the longest answer is the model's. `expected_output_tokens` is your own guess of it. Raises
        as `get_answer` does before anything is sent.
        """
        from core.llms.runtime.tokens.cost_estimates import price_estimate
        from core.llms.runtime.tokens.estimates import find_largest_answer

        plan = plan_answer(options, self.metadata)
        request = self._build(await self._load(messages, options, ctx or LLMContext()), options, plan)
        params = request.params
        return price_estimate(
            await self._count_locally(request),
            self.prices,
            model_id=self.metadata.MODEL_ID,
            with_tools=bool(request.tools),
            most=find_largest_answer(params, self.metadata.MAX_TOKENS),
            expected=expected_output_tokens,
            service_tier=params.get(PARAM_SERVICE_TIER),
            choices=params.get(PARAM_N) or 1,
        )

    async def _count_locally(self, request: LLMRequest) -> TokenCount:
        """Count without the vendor, as far as the model's encoding is public; else estimate by its family's figures."""
        from core.llms.runtime.token_utils import count_chat_tokens_async

        return await count_chat_tokens_async(
            request.messages,
            model_id=self.metadata.MODEL_ID,
            tools=request.tools,
            response_format=request.response_format,
            wire="responses" if self.wire.name == "openai_responses" else "chat",
        )

    async def _count_exactly(self, request: LLMRequest, ctx: LLMContext) -> TokenCount:
        """Count by the vendor's endpoint; a provider with `COUNTS_TOKENS` overrides this."""
        raise self._refusal(f"{type(self).__name__} has no `_count_exactly`, though it says that it counts tokens")
