"""How many tokens a request has, before it is sent, by OpenAI's encodings and framing. Counting needs no network."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final, assert_never

from pydantic_core import to_json

from core.llms.runtime.tokens.calibration import find_calibration
from core.llms.runtime.tokens.encodings import O200K_HARMONY, encoding_for_model, is_loaded
from core.llms.runtime.tokens.estimating import estimate_tokens
from core.llms.runtime.tokens.files import count_audio_part, count_file_part, count_image_part
from core.llms.runtime.tokens.framing import RESPONSES_CALL_EXTRA_TOKENS, Wire, find_framing
from core.llms.runtime.tokens.harmony import count_harmony_tokens
from core.llms.runtime.tokens.text import OFFLOAD_CHARACTERS, count_text_tokens
from core.llms.runtime.tokens.tools import render_response_format, render_tools
from core.llms.types.content import (
    AudioPart,
    CachePoint,
    FilePart,
    ImagePart,
    OpaquePart,
    Part,
    ReasoningPart,
    RefusalPart,
    TextPart,
    ToolCall,
)
from core.llms.types.messages import AssistantMessage, Message, ToolMessage
from core.llms.types.response import TokenCount
from core.llms.types.tools import ResponseFormat, ServerTool, Tool

TOOLS_NOTE: Final = "tools and tool calls are counted in an inferred form"
FORMAT_NOTE: Final = "the response schema is counted in an inferred form, within about 10 tokens"


def count_chat_tokens(
    messages: Sequence[Message],
    *,
    model_id: str,
    tools: Iterable[Tool | ServerTool] = (),
    response_format: ResponseFormat | None = None,
    wire: Wire = "chat",
) -> TokenCount:
    """Return the input tokens of a request to a model.

    For OpenAI's models by its encodings and framing, for gpt-oss in the harmony format; for others an estimate by their
    family's figures, whose note says how far off such estimates were.

    Against recorded chat exchanges with OpenAI and Azure: plain text 9 of 10 exact (the tenth is a retired snapshot,
    off by 1); with tools, calls and results 15 of 16 exact and one off by 1; with a response schema off by up to 5.
    On the responses wire tools were exact in 9 of 11, off by 1 and by 7 in two; a schema was off by up to 9. Not seen
    are what a stored conversation adds and what tools find that the vendor runs. Reasoning counts nothing, since the
    chat wire does not carry it. Files given by `path` are read. Blocks like `count_text_tokens`; in a coroutine, use
    `count_chat_tokens_async`.

    Raises:
        OSError: a file named by a part cannot be read.
    """
    calibration = find_calibration(model_id)
    if calibration is not None:
        return estimate_tokens(messages, model_id, calibration, tools, response_format)
    if encoding_for_model(model_id).name == O200K_HARMONY:
        return count_harmony_tokens(messages, model_id, tuple(tools), response_format)
    counter = _Counter(model_id, wire)
    counter.add_messages(messages)
    counter.add_tools(tuple(tools), messages)
    counter.add_response_format(response_format)
    return counter.result()


async def count_chat_tokens_async(
    messages: Sequence[Message],
    *,
    model_id: str,
    tools: Iterable[Tool | ServerTool] = (),
    response_format: ResponseFormat | None = None,
    wire: Wire = "chat",
) -> TokenCount:
    """Return `count_chat_tokens(…)`, in a thread where it would hold the event loop up."""

    def count() -> TokenCount:
        return count_chat_tokens(messages, model_id=model_id, tools=tools, response_format=response_format, wire=wire)

    if is_loaded(encoding_for_model(model_id).name) and _is_light(messages):
        return count()
    return await asyncio.to_thread(count)


def _is_light(messages: Sequence[Message]) -> bool:
    """Tell whether the messages read no file and are short enough to be counted on the event loop."""
    characters = 0
    for message in messages:
        for part in message.parts:
            match part:
                case ImagePart() | FilePart() | AudioPart():
                    if part.path is not None:
                        return False
                    characters += len(part.data or b"") + len(getattr(part, "url", None) or "")
                case ToolCall():
                    characters += len(part.arguments_json)
                case TextPart() | RefusalPart():
                    characters += len(part.text)
                case ReasoningPart() | OpaquePart() | CachePoint():
                    pass
                case _:
                    assert_never(part)
        if characters >= OFFLOAD_CHARACTERS:
            return False
    return True


class _Counter:
    """Adds a request up, part by part, and keeps the notes on what was estimated."""

    def __init__(self, model_id: str, wire: Wire) -> None:
        self._model_id = model_id
        self._wire = wire
        self._framing = find_framing(model_id)
        encoding = encoding_for_model(model_id)
        self._encoding_name = encoding.name
        self._notes: dict[str, None] = {}
        self._text = self._framing.priming_tokens
        self._images = self._tools = self._files = self._unseen = 0
        if not encoding.confirmed:
            self._note(f"that {model_id} uses {encoding.name} is an assumption")
        if not self._framing.plain_verified:
            self._note(f"the frame of {model_id}'s messages is not confirmed")

    def _note(self, note: str | None) -> None:
        if note is not None:
            self._notes[note] = None

    def _count(self, text: str) -> int:
        return count_text_tokens(text, self._encoding_name) if text else 0

    def add_messages(self, messages: Sequence[Message]) -> None:
        call_names: dict[str, str] = {}
        for message in messages:
            match message:
                case AssistantMessage():
                    self._add_assistant(message)
                    call_names.update((call.id, call.name) for call in message.tool_calls)
                case ToolMessage():
                    self._add_result(message, call_names.get(message.tool_call_id, ""))
                case _:
                    self._add_frame(message)
                    self._add_parts(message.parts)

    def _add_frame(self, message: Message) -> None:
        self._text += self._framing.message_tokens + self._framing.role_tokens
        if message.name:
            self._text += self._framing.name_tokens + self._count(message.name)

    def _add_assistant(self, message: AssistantMessage) -> None:
        calls = message.tool_calls
        said = tuple(part for part in message.parts if not isinstance(part, ToolCall | ReasoningPart))
        if said or not calls:
            self._add_frame(message)
            self._add_parts(said)
        for call in calls:
            self._tools += self._framing.call_tokens // 2
            self._tools += self._count(call.name) + self._count(call.arguments_json)
            self._note(TOOLS_NOTE)
        if len(calls) > 1:
            self._tools += self._framing.parallel_calls_tokens

    def _add_result(self, message: ToolMessage, name: str) -> None:
        self._tools += self._framing.call_tokens - self._framing.call_tokens // 2 + self._count(name)
        if self._wire == "responses":
            self._tools += RESPONSES_CALL_EXTRA_TOKENS
        self._note(TOOLS_NOTE)
        self._add_parts(message.parts)

    def _add_parts(self, parts: Iterable[Part]) -> None:
        for part in parts:
            match part:
                case TextPart() | RefusalPart():
                    self._text += self._count(part.text)
                case ImagePart():
                    image = count_image_part(part, self._model_id)
                    self._images += image.tokens
                    self._unseen += image.unseen
                    self._note(image.note)
                case FilePart() | AudioPart():
                    self._add_file(part)
                case OpaquePart():
                    self._text += self._count(to_json(part.data).decode())
                    self._note(f"a block of {part.origin} is counted as its JSON")
                case ReasoningPart() | ToolCall() | CachePoint():
                    pass
                case _:
                    assert_never(part)

    def _add_file(self, part: FilePart | AudioPart) -> None:
        file = count_file_part(part) if isinstance(part, FilePart) else count_audio_part(part)
        self._files += file.tokens
        self._note(file.note)

    def add_tools(self, tools: Sequence[Tool | ServerTool], messages: Sequence[Message]) -> None:
        functions = [tool for tool in tools if isinstance(tool, Tool)]
        if tools:
            self._tools += self._tools_frame(messages)
            self._note(TOOLS_NOTE)
        if functions:
            self._tools += self._count(render_tools(functions, compact=self._framing.compact_tools))
        for tool in tools:
            if isinstance(tool, ServerTool):
                self._tools += self._count(to_json(tool.definition).decode())
                self._note("a tool that the vendor runs is counted as its JSON")

    def _tools_frame(self, messages: Sequence[Message]) -> int:
        framing = self._framing
        extra = framing.chat_tools_tokens if self._wire == "chat" else 0
        instructions = next((message for message in messages if message.role in framing.instruction_roles), None)
        if instructions is None:
            return framing.tools_tokens + extra
        if framing.newline_after_instructions:
            extra += self._count(f"{instructions.text}\n") - self._count(instructions.text)
        return framing.tools_with_instructions_tokens + extra

    def add_response_format(self, response_format: ResponseFormat | None) -> None:
        if response_format is not None and response_format.schema is not None:
            self._tools += self._count(render_response_format(response_format))
            self._note(FORMAT_NOTE)

    def result(self) -> TokenCount:
        return TokenCount(
            tokens=self._text + self._images + self._tools + self._files,
            exact=not self._notes,
            note="; ".join(self._notes) or None,
            text_tokens=self._text,
            image_tokens=self._images,
            tool_tokens=self._tools,
            file_tokens=self._files,
            unseen_image_tokens=self._unseen,
        )
