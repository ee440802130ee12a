"""One call of a model for `core-llms ask`: streamed to the terminal, or whole."""

from __future__ import annotations

from inspect import signature
from time import monotonic
from typing import TYPE_CHECKING

from core.llms.cli.ask_report import describe_shortfall, render_answer, render_statistics
from core.llms.cli.exit_codes import ExitCode
from core.llms.context import LLMContext
from core.llms.create import create_llm, find_factory
from core.llms.errors import ConfigurationError, OutputValidationError, StreamInterruptedError

if TYPE_CHECKING:
    from core.llms.cli.ask_inputs import AskSettings
    from core.llms.cli.terminal import Terminal
    from core.llms.providers.base.implementation import BaseLLM
    from core.llms.types.messages import Message
    from core.llms.types.options import AnswerOptions
    from core.llms.types.response import LLMResponse


async def answer(
    settings: AskSettings, messages: list[Message], options: AnswerOptions, terminal: Terminal
) -> ExitCode:
    """Call the model, write its answer and what it took. Raises what the call raises."""
    async with create_asked_llm(settings) as llm:
        call = _Call(llm, LLMContext(timeout_seconds=settings.timeout_seconds), terminal)
        try:
            if settings.stream and not terminal.as_json and settings.json_schema is None:
                response = await call.stream(messages, options)
            else:
                response = await llm.get_answer(messages, call.context, **options)
        except StreamInterruptedError as error:
            call.report(error.partial)
            raise
        except OutputValidationError as error:
            call.report(error.response)
            raise
    return call.finish(response, settings)


def create_asked_llm(settings: AskSettings) -> BaseLLM:
    """Make the LLM that the options name. Raises `ConfigurationError`, as for a wire the provider cannot choose."""
    given = {"base_url": settings.base_url, "wire": settings.wire}
    provider, slash, _ = settings.model.partition("/")
    if settings.wire is not None and slash and "wire" not in signature(find_factory(provider)).parameters:
        raise ConfigurationError("it has one wire only: leave --wire out", provider=provider)
    return create_llm(settings.model, **{name: value for name, value in given.items() if value is not None})


class _Call:
    """The clock and the terminal of one call."""

    def __init__(self, llm: BaseLLM, context: LLMContext, terminal: Terminal) -> None:
        self._llm = llm
        self.context = context
        self._terminal = terminal
        self._begin = monotonic()
        self._first_text_seconds: float | None = None

    async def stream(self, messages: list[Message], options: AnswerOptions) -> LLMResponse:
        """Write the text as it comes, and return the whole answer."""
        async with self._llm.stream_answer(messages, self.context, **options) as stream:
            async for text in stream.text_deltas():
                if self._first_text_seconds is None:
                    self._first_text_seconds = monotonic() - self._begin
                self._terminal.write(text)
            return stream.response

    def finish(self, response: LLMResponse, settings: AskSettings) -> ExitCode:
        """Write what is not written yet, and judge whether the answer is whole."""
        terminal, seconds = self._terminal, monotonic() - self._begin
        for warning in response.warnings:
            terminal.warn(warning)
        if terminal.as_json:
            terminal.write_json(render_answer(response, seconds, terminal.warnings))
        elif settings.json_schema is not None:
            if not response.tool_calls:
                terminal.write_json(response.parsed)
        elif self._first_text_seconds is None:
            terminal.write(response.text)
        self.report(response)
        shortfall = describe_shortfall(response, tool_free=settings.tool_free)
        if shortfall is None:
            return ExitCode.OK
        terminal.error(shortfall)
        return ExitCode.NOT_WHOLE

    def report(self, response: LLMResponse) -> None:
        """Say on stderr which tools were called for, and what the answer took."""
        self._terminal.end_line()
        if self._terminal.as_json:
            return
        for call in response.tool_calls:
            self._terminal.note(f"tool call: {call.name}({call.arguments_json})")
        seconds = monotonic() - self._begin
        self._terminal.note(render_statistics(response, seconds, self._first_text_seconds))
