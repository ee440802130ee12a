"""Typed answers: which form to ask the model for, and what to do with an answer that does not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core.llms.context import LLMContext
from core.llms.errors import InvalidRequestError, OutputValidationError
from core.llms.providers.base.metadata import BaseMetadata, Capability
from core.llms.runtime.middleware import CallNext, EventStream
from core.llms.types.content import ToolCall
from core.llms.types.events import StreamFinished
from core.llms.types.messages import Message, ToolMessage, UserMessage
from core.llms.types.options import AnswerOptions, ToolInput
from core.llms.types.quick_init import quick_init
from core.llms.types.request import LLMRequest
from core.llms.types.response import LLMResponse, seal_response
from core.llms.types.tools import ResponseFormat, ServerTool, Tool

if TYPE_CHECKING:
    from core.llms.runtime.structured_output import OutputModel

_NOT_CALLED = "not called: the answer given beside it was not valid"
_NOT_AN_ANSWER = {"length": "it was cut at `max_tokens`", "content_filter": "the vendor's filter stopped it"}


@quick_init
@dataclass(frozen=True, slots=True)
class StructuredPlan:
    """How a call asks for its answer: the tools and the form, and the model to validate it with.

    A model without native JSON schemas is given the schema as a tool of its own (`answers_by_tool`).
    """

    options: Mapping[str, Any]
    tools: tuple[Tool | ServerTool, ...]
    response_format: ResponseFormat | None
    output: OutputModel | None = None
    answers_by_tool: bool = False

    def parse(self, response: LLMResponse) -> LLMResponse:
        """Fill `parsed`. Raises `OutputValidationError`; a response that calls the caller's tools is left as it is."""
        try:
            return self.try_parse(response)
        except ValueError as error:
            raise self.failure(response, str(error)) from error

    def try_parse(self, response: LLMResponse) -> LLMResponse:
        """Fill `parsed`, or raise `ValueError` with what the model should be told."""
        assert self.output is not None
        if response.parsed is not None:
            return response
        if response.refusal is not None:
            raise self.failure(response, f"the model refused: {response.refusal}")
        if reason := _NOT_AN_ANSWER.get(response.finish_reason.unified):
            raise self.failure(response, reason)
        call = self.answer_call(response)
        if call is not None:
            if call.arguments_error is not None:
                raise ValueError(call.arguments_error)
            return seal_response(response, parsed=self.output.parse_arguments(call.arguments))
        if response.tool_calls:
            return response
        return seal_response(response, parsed=self.output.parse(response.text))

    def answer_call(self, response: LLMResponse) -> ToolCall | None:
        """Return the call that carries the answer, where it is given by tool."""
        if not self.answers_by_tool or self.output is None:
            return None
        return next((call for call in response.tool_calls if call.name == self.output.tool.name), None)

    def failure(self, response: LLMResponse, reason: str) -> OutputValidationError:
        """Make the error of an answer that does not fit."""
        error = OutputValidationError(
            f"the answer does not fit `response_model`: {reason}",
            response=response,
            provider=response.provider,
            model=response.model,
        )
        error.attempts = response.attempts
        return error


def plan_answer(options: AnswerOptions, metadata: type[BaseMetadata]) -> StructuredPlan:
    """Decide how this call asks for its answer."""
    given = options.get("tools")
    tools = _read_tools(given) if given else ()
    response_model, response_format = options.get("response_model"), options.get("response_format")
    if response_model is None:
        return StructuredPlan(options, tools, response_format)
    if response_format is not None:
        raise InvalidRequestError("give `response_model` or `response_format`, not both")
    if (options.get("n") or 1) > 1:
        raise InvalidRequestError("`response_model` validates one answer: leave `n` out")
    from core.llms.runtime.structured_output import output_model_for

    output = output_model_for(response_model)
    if metadata.supports(Capability.STRUCTURED_OUTPUT) is not False:
        return StructuredPlan(options, tools, output.response_format, output)
    choice = options.get("tool_choice") or ("required" if tools else output.tool.name)
    return StructuredPlan({**options, "tool_choice": choice}, (*tools, output.tool), None, output, True)


async def parse_at_the_end(events: EventStream, plan: StructuredPlan) -> EventStream:
    """Pass events on, the last one's response with `parsed`. Raises `OutputValidationError` in its place."""
    async with aclosing(events):
        async for event in events:
            if type(event) is StreamFinished:
                plan.parse(event.response)
            yield event


def _read_tools(given: Sequence[ToolInput]) -> tuple[Tool | ServerTool, ...]:
    from core.llms.runtime.tool_functions import as_tool

    return tuple(as_tool(tool) for tool in given)


class StructuredAnswers:
    """Asks until the answer fits: what was wrong is told to the model, `retries` times at the most."""

    def __init__(self, call: CallNext, plan: StructuredPlan, retries: int) -> None:
        self._call = call
        self._plan = plan
        self._retries = retries

    async def answer(self, request: LLMRequest, ctx: LLMContext) -> LLMResponse:
        """Return a response with `parsed`. Raises `OutputValidationError` with the last answer."""
        for remaining in range(self._retries, -1, -1):
            response = await self._call(request, ctx)
            try:
                return self._plan.try_parse(response)
            except ValueError as error:
                if not remaining:
                    raise self._plan.failure(response, str(error)) from error
                request = self._ask_again(request, response, str(error))
        raise InvalidRequestError("`output_retries` must be 0 or more")

    def _ask_again(self, request: LLMRequest, response: LLMResponse, problem: str) -> LLMRequest:
        answer = self._plan.answer_call(response)
        told: list[Message] = [
            ToolMessage(problem if call is answer else _NOT_CALLED, call.id, is_error=True)
            for call in response.tool_calls
        ]
        if answer is None:
            told.append(UserMessage(f"Your answer does not fit the required form: {problem}\nAnswer again, corrected."))
        return replace(request, messages=(*request.messages, response.message, *told))
