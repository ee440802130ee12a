"""How many tokens a request has for gpt-oss, whose prompts stand in the harmony format.

The format is public (https://github.com/openai/harmony and the chat template of openai/gpt-oss-120b, read 2026-11-28);
what each host makes of a request is not. Of the 12 prompts of five hosts that are whole in the record 7 are counted
exactly, and the others within 6 tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pydantic_core import to_json

from core.llms.runtime.tokens.encodings import O200K_HARMONY
from core.llms.runtime.tokens.files import count_audio_part, count_file_part, count_image_part
from core.llms.runtime.tokens.text import count_text_tokens
from core.llms.runtime.tokens.tools import render_response_format, render_tools
from core.llms.types.content import AudioPart, FilePart, ImagePart, Part, RefusalPart, TextPart
from core.llms.types.messages import AssistantMessage, DeveloperMessage, Message, SystemMessage, ToolMessage
from core.llms.types.response import TokenCount
from core.llms.types.tools import ResponseFormat, ServerTool, Tool

HARMONY_NOTE: Final = (
    "counted in the harmony format, of which hosts make little else: of 12 recorded prompts 7 were exact, all within 6"
)
# What opens every prompt; a date has as many tokens as any other, and an effort as any other.
_OPENING: Final = (
    "You are ChatGPT, a large language model trained by OpenAI.\nKnowledge cutoff: 2024-06\nCurrent date: 2025-06-28"
    "\n\nReasoning: medium\n\n"
    "# Valid channels: analysis, commentary, final. Channel must be included for every message."
)
_TOOLS_OPENING: Final = "\nCalls to these tools must go to the commentary channel: 'functions'."
# `<|start|>`, `<|message|>` and `<|end|>` or `<|call|>` surround a message; `<|channel|>` stands before a channel.
_MARKS: Final = 3
_CHANNEL_MARK: Final = 1
# `<|start|>assistant`, with which the answer begins.
_PRIMING_TOKENS: Final = 2


def count_harmony_tokens(
    messages: Sequence[Message],
    model_id: str,
    tools: Sequence[Tool | ServerTool] = (),
    response_format: ResponseFormat | None = None,
) -> TokenCount:
    """Return about how many input tokens a request has. Files given by `path` are read.

    Raises:
        OSError: a file named by a part cannot be read.
    """
    counter = _HarmonyCounter(model_id)
    instructions, rest = _split_instructions(messages)
    counter.add_opening(instructions, tools, response_format)
    counter.add_messages(rest)
    return counter.result()


def _split_instructions(messages: Sequence[Message]) -> tuple[str, Sequence[Message]]:
    if messages and isinstance(messages[0], SystemMessage | DeveloperMessage):
        return messages[0].text, messages[1:]
    return "", messages


class _HarmonyCounter:
    """Adds a request up, message by message, and keeps the notes on what was estimated."""

    def __init__(self, model_id: str) -> None:
        self._model_id = model_id
        self._notes: dict[str, None] = {HARMONY_NOTE: None}
        self._text = _PRIMING_TOKENS
        self._tools = self._images = self._files = self._unseen = 0

    def _count(self, text: str) -> int:
        return count_text_tokens(text, O200K_HARMONY) if text else 0

    def _frame(self, author: str, channel: str | None = None) -> int:
        in_channel = 0 if channel is None else _CHANNEL_MARK + self._count(channel)
        return _MARKS + self._count(author) + in_channel

    def add_opening(
        self, instructions: str, tools: Sequence[Tool | ServerTool], response_format: ResponseFormat | None
    ) -> None:
        """Add what comes before the conversation: the format's own message, and the developer's."""
        self._text += self._frame("system") + self._count(_OPENING)
        sections = [f"# Instructions\n\n{instructions}"] if instructions else []
        self._text += sum(map(self._count, sections))
        functions = [tool for tool in tools if isinstance(tool, Tool)]
        if functions:
            self._tools += self._count(_OPENING + _TOOLS_OPENING) - self._count(_OPENING)
            sections.append(f"# Tools\n\n## functions\n\n{render_tools(functions, compact=False)}")
        for tool in tools:
            if isinstance(tool, ServerTool):
                self._tools += self._count(to_json(tool.definition).decode())
                self._notes["a tool that the vendor runs is counted as its JSON"] = None
        if response_format is not None and response_format.schema is not None:
            sections.append(render_response_format(response_format))
            self._notes["the response schema is counted in an inferred form"] = None
        if sections:
            self._text += self._frame("developer")
            self._tools += self._count("\n\n".join(sections)) - self._count(sections[0] if instructions else "")

    def add_messages(self, messages: Sequence[Message]) -> None:
        """Add the conversation. Reasoning is read again only while a call of tools is under way."""
        answers = [index for index, each in enumerate(messages) if _is_final(each)]
        names: dict[str, str] = {}
        for index, message in enumerate(messages):
            match message:
                case AssistantMessage():
                    self._add_assistant(message, is_under_way=not answers or index > answers[-1])
                    names.update((call.id, call.name) for call in message.tool_calls)
                case ToolMessage():
                    author = f"functions.{names.get(message.tool_call_id, '')} to=assistant"
                    self._tools += self._frame(author, "commentary")
                    self._add_parts(message.parts)
                case _:
                    self._text += self._frame(message.role)
                    self._add_parts(message.parts)

    def _add_assistant(self, message: AssistantMessage, *, is_under_way: bool) -> None:
        calls = message.tool_calls
        if not calls:
            self._text += self._frame("assistant", "final")
            self._add_parts(message.parts)
        elif is_under_way and message.reasoning:
            self._text += self._frame("assistant", "analysis") + self._count(message.reasoning)
        for call in calls:
            self._tools += self._frame(f"assistant to=functions.{call.name}", "commentary json")
            self._tools += self._count(call.arguments_json)

    def _add_parts(self, parts: Iterable[Part]) -> None:
        """Add what is said; media count as elsewhere, though no model of the family takes any."""
        for part in parts:
            if isinstance(part, TextPart | RefusalPart):
                self._text += self._count(part.text)
            elif isinstance(part, ImagePart):
                image = count_image_part(part, self._model_id)
                self._images += image.tokens
                self._unseen += image.unseen
            elif isinstance(part, FilePart | AudioPart):
                file = count_file_part(part) if isinstance(part, FilePart) else count_audio_part(part)
                self._files += file.tokens

    def result(self) -> TokenCount:
        return TokenCount(
            tokens=self._text + self._images + self._tools + self._files,
            exact=False,
            note="; ".join(self._notes),
            text_tokens=self._text,
            image_tokens=self._images,
            tool_tokens=self._tools,
            file_tokens=self._files,
            unseen_image_tokens=self._unseen,
        )


def _is_final(message: Message) -> bool:
    return isinstance(message, AssistantMessage) and not message.tool_calls
