"""A conversation begun on one provider continues on another, and comes back without loss.

Every ordered pair of the simulated providers: the second goes on in the middle of a tool's turn that the first began.
What it is not sent, its warnings name, and they name nothing else.
"""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import to_json

import core.llms.wires
from core.llms import (
    AssistantMessage,
    CachePoint,
    ImagePart,
    OpaquePart,
    ReasoningPart,
    ServerTool,
    SystemMessage,
    TextPart,
    ToolCall,
    ToolMessage,
    UserMessage,
    create_llm,
    parse_messages,
)
from core.llms.providers.base.implementation import BaseLLM
from core.llms.simulator import Simulator
from core.llms.types.messages import Message
from tests.integration.models import get_weather
from tests.unit.simulator.pictures import picture

PICTURE = picture(8, 8, "red")
QUESTIONS = ("What is the weather in Paris?", "What is the weather in London?")
CACHE = "cache points were left out"
Entries = list[Mapping[str, Any]]


@dataclass(frozen=True)
class Call:
    """A tool call as it stands in a request."""

    id: str
    name: str
    arguments: Any


@dataclass(frozen=True)
class Speaker:
    """A provider, how it is asked to think and to search, and how its requests are read.

    `own` are the origins of what it takes back, `notices` are of warnings that name nothing lost.
    """

    wire: str
    model: str
    own: tuple[str, ...]
    entries: Callable[[Mapping[str, Any]], Entries]
    calls: Callable[[Entries], Iterator[Call]]
    results: Callable[[Entries], Iterator[str]]
    options: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    search: ServerTool | None = None
    marks_cache: bool = False
    takes_reasoning: bool = True
    notices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.model.partition('/')[0]}-{self.wire}"

    def create(self) -> BaseLLM:
        return create_llm(self.model, **self.options)


def in_messages(body: Mapping[str, Any]) -> Entries:
    entries: Entries = body["messages"]
    return entries


def chat_calls(entries: Entries) -> Iterator[Call]:
    for entry in entries:
        for call in entry.get("tool_calls") or ():
            yield Call(call["id"], call["function"]["name"], json.loads(call["function"]["arguments"]))


def chat_results(entries: Entries) -> Iterator[str]:
    return (entry["tool_call_id"] for entry in entries if entry["role"] == "tool")


def line_calls(entries: Entries) -> Iterator[Call]:
    for entry in entries:
        for call in entry.get("tool_calls") or ():
            yield Call(call["id"], call["function"]["name"], call["function"]["arguments"])


def item_calls(entries: Entries) -> Iterator[Call]:
    for entry in entries:
        if entry.get("type") == "function_call":
            yield Call(entry["call_id"], entry["name"], json.loads(entry["arguments"]))


def item_results(entries: Entries) -> Iterator[str]:
    return (entry["call_id"] for entry in entries if entry.get("type") == "function_call_output")


def blocks_of(entries: Entries, key: str) -> Iterator[Mapping[str, Any]]:
    for entry in entries:
        content = entry.get("content") or entry.get("parts") or ()
        yield from (block for block in content if isinstance(block, Mapping) and block.get("type", key) == key)


def block_calls(entries: Entries) -> Iterator[Call]:
    return (Call(block["id"], block["name"], block["input"]) for block in blocks_of(entries, "tool_use"))


def block_results(entries: Entries) -> Iterator[str]:
    return (block["tool_use_id"] for block in blocks_of(entries, "tool_result"))


def content_calls(entries: Entries) -> Iterator[Call]:
    for block in blocks_of(entries, "functionCall"):
        if call := block.get("functionCall"):
            yield Call(call["id"], call["name"], call["args"])


def content_results(entries: Entries) -> Iterator[str]:
    found = (block.get("functionResponse") for block in blocks_of(entries, "functionResponse"))
    return (result["id"] for result in found if result)


def converse_calls(entries: Entries) -> Iterator[Call]:
    for block in blocks_of(entries, "toolUse"):
        if call := block.get("toolUse"):
            yield Call(call["toolUseId"], call["name"], call["input"])


def converse_results(entries: Entries) -> Iterator[str]:
    found = (block.get("toolResult") for block in blocks_of(entries, "toolResult"))
    return (result["toolUseId"] for result in found if result)


CHAT: dict[str, Any] = {"entries": in_messages, "calls": chat_calls, "results": chat_results}
THINKING = {"reasoning_effort": "low"}
SHOWN = THINKING | {"reasoning_summary": "auto"}

SPEAKERS = (
    Speaker(
        "openai_chat",
        "openai/gpt-5.4",
        ("openai_chat",),
        **CHAT,
        options={"wire": "chat"},
        params=THINKING,
        takes_reasoning=False,
    ),
    Speaker("openai_chat", "mistral/magistral-medium-latest", ("mistral", "openai_chat"), **CHAT),
    Speaker("openai_chat", "groq/qwen/qwen3.8-27b", ("openai_chat",), **CHAT, params=THINKING),
    Speaker(
        "openai_responses",
        "openai/gpt-5.6-luna",
        ("openai_responses",),
        lambda body: body["input"],
        item_calls,
        item_results,
        params=SHOWN,
        search=ServerTool({"type": "web_search"}),
    ),
    Speaker(
        "anthropic_messages",
        "anthropic/claude-sonnet-4-6",
        ("anthropic_messages",),
        in_messages,
        block_calls,
        block_results,
        params=SHOWN | {"max_tokens": 4_000},
        search=ServerTool({"type": "web_search_20260318", "name": "web_search"}),
        marks_cache=True,
    ),
    Speaker(
        "gemini",
        "google/gemini-3.8-flash",
        ("gemini",),
        lambda body: body["contents"],
        content_calls,
        content_results,
        params=SHOWN,
        search=ServerTool({"googleSearch": {}}),
        notices=("a tool call has no signature of this model",),
    ),
    Speaker(
        "bedrock_converse",
        "bedrock/us.anthropic.claude-sonnet-4-6",
        ("bedrock_converse",),
        in_messages,
        converse_calls,
        converse_results,
        params=THINKING | {"max_tokens": 4_000},
        marks_cache=True,
    ),
    Speaker("cohere_v2", "cohere/command-a-plus-05-2026", ("cohere_v2",), **CHAT, params=THINKING),
    Speaker(
        "watsonx",
        "watsonx/meta-llama/llama-4-maverick-17b-128e-instruct-fp8",
        ("openai_chat",),
        **CHAT,
        params={"max_tokens": 500},
    ),
    Speaker(
        "openai_chat",
        "openrouter/anthropic/claude-sonnet-5.5",
        ("openai_chat",),
        **CHAT,
        options={"wire": "chat"},
        params=THINKING,
        marks_cache=True,
    ),
    Speaker(
        "openai_responses",
        "xai/grok-4.3",
        ("xai",),
        lambda body: body["input"],
        item_calls,
        item_results,
        params=THINKING,
    ),
    Speaker("ollama", "ollama/qwen3-vl:4b", ("ollama",), in_messages, line_calls, chat_results),
)


@pytest.fixture
async def sim(monkeypatch: pytest.MonkeyPatch) -> Any:
    async with Simulator() as simulator:
        for name, value in simulator.environment().items():
            monkeypatch.setenv(name, value)
        yield simulator


async def begin(llm: BaseLLM, speaker: Speaker) -> list[Message]:
    """Talk until a second tool has answered: of an image, with a search where there is one, with thoughts."""
    tools = [get_weather]
    seen = UserMessage([ImagePart(data=PICTURE), TextPart("What is shown?")])
    messages: list[Message] = [SystemMessage([TextPart("You are terse."), CachePoint()]), seen]
    searching = [] if speaker.search is None else [speaker.search]
    messages.append((await llm.get_answer(messages, tools=searching, **speaker.params)).message)
    for question in QUESTIONS:
        messages.append(UserMessage(question))
        called = await llm.get_answer(messages, tools=tools, **speaker.params)
        (call,) = called.tool_calls
        messages += [called.message, ToolMessage(get_weather(**call.arguments), call.id)]
        if question is QUESTIONS[0]:
            messages.append((await llm.get_answer(messages, tools=tools, **speaker.params)).message)
    return messages


def foreign_parts(messages: list[Message], speaker: Speaker) -> set[str]:
    """How a warning must begin that names a part which `speaker` is not sent."""
    lost = set() if speaker.marks_cache else {CACHE}
    for index, message in enumerate(messages):
        if not isinstance(message, AssistantMessage):
            continue
        for part in message.parts:
            origin = getattr(part, "origin", None)
            if origin is not None and origin not in speaker.own:
                lost |= {f"messages[{index}]: {what} of {origin} " for what in losses(part)}
            elif isinstance(part, ReasoningPart) and not speaker.takes_reasoning:
                lost.add(f"messages[{index}]: reasoning was left out: the provider takes none back")
    return lost


def losses(part: Any) -> Iterator[str]:
    match part:
        case ReasoningPart():
            yield "reasoning"
        case OpaquePart():
            yield "a block"
        case TextPart() | ToolCall():
            if isinstance(part, TextPart) and part.annotations:
                yield "citations"
            if getattr(part, "signature", None) or "thoughtSignature" in (part.extra or {}):
                yield "signatures"


def foreign_marks(messages: list[Message], speaker: Speaker) -> Iterator[str]:
    """What must not stand in a request to `speaker`."""
    parts = [part for message in messages if isinstance(message, AssistantMessage) for part in message.parts]
    for part in parts:
        match part:
            case ReasoningPart() | OpaquePart() | TextPart() | ToolCall() if part.origin in (None, *speaker.own):
                continue
            case ReasoningPart():
                yield from (to_json(mark).decode() for mark in (part.text, part.signature) if mark)
            case OpaquePart():
                yield to_json(part.data).decode()
            case TextPart():
                yield from (to_json(note).decode() for note in part.annotations)
            case ToolCall():
                yield from (to_json(mark).decode() for mark in (part.signature,) if mark)


def assert_names_what_is_lost(warnings: tuple[str, ...], lost: set[str], speaker: Speaker) -> None:
    unnamed = {name for name in lost if not any(warning.startswith(name) for warning in warnings)}
    others = [warning for warning in warnings if not any(warning.startswith(name) for name in lost)]
    assert unnamed == set()
    assert [warning for warning in others if not any(notice in warning for notice in speaker.notices)] == []


def seals(messages: list[Message]) -> list[str]:
    """Signatures and encrypted reasoning of a conversation."""
    parts = [part for message in messages for part in message.parts]
    found = [part.signature for part in parts if isinstance(part, ReasoningPart | ToolCall)]
    return [seal for seal in found if seal]


PAIRS = [
    pytest.param(first, second, id=f"{first.name}->{second.name}")
    for first, second in itertools.permutations(SPEAKERS, 2)
]


@pytest.mark.parametrize(("first", "second"), PAIRS)
async def test_conversation_goes_on_elsewhere_and_comes_back(sim: Simulator, first: Speaker, second: Speaker) -> None:
    async with first.create() as llm:
        messages = await begin(llm, first)
    before = first.entries(sim.requests[-1].body)

    async with second.create() as other:
        response = await other.get_answer(messages, tools=[get_weather], **second.params)
    body = sim.requests[-1].body
    entries, text = second.entries(body), to_json(body).decode()
    assert "rain" in response.text
    assert_names_what_is_lost(response.warnings, foreign_parts(messages, second), second)
    calls = list(second.calls(entries))
    assert [(call.name, call.arguments) for call in calls] == [
        ("get_weather", {"city": "Paris"}),
        ("get_weather", {"city": "London"}),
    ]
    assert list(second.results(entries)) == [call.id for call in calls]
    said = ["You are terse.", "What is shown?", *QUESTIONS, "18 degrees", messages[2].text, messages[6].text]
    assert [words for words in said if to_json(words).decode()[1:-1] not in text] == []
    assert base64.b64encode(PICTURE).decode() in text
    assert [mark for mark in foreign_marks(messages, second) if mark in text] == []

    # The way back, of messages that were written down in between.
    kept = json.loads(json.dumps([message.to_dict() for message in messages]))
    messages = [*parse_messages(kept), response.message, UserMessage("Say: back again.")]
    async with first.create() as llm:
        again = await llm.get_answer(messages, tools=[get_weather], **first.params)
    assert again.text == "back again."
    assert_names_what_is_lost(again.warnings, foreign_parts(messages, first), first)
    body = sim.requests[-1].body
    assert first.entries(body)[: len(before)] == before
    assert [seal for seal in seals(messages[:-2]) if seal not in to_json(body).decode()] == []


async def test_beginnings_hold_what_could_be_lost(sim: Simulator) -> None:
    held: dict[str, set[str]] = {}
    for speaker in SPEAKERS:
        async with speaker.create() as llm:
            messages = await begin(llm, speaker)
        parts = [part for message in messages if isinstance(message, AssistantMessage) for part in message.parts]
        held[speaker.wire] = held.get(speaker.wire, set()) | {what for part in parts for what in losses(part)}
    assert held == {
        "openai_chat": {"reasoning"},
        "openai_responses": {"reasoning", "a block", "citations"},
        "anthropic_messages": {"reasoning", "a block", "citations"},
        "gemini": {"reasoning", "citations", "signatures"},
        "bedrock_converse": {"reasoning"},
        "cohere_v2": {"reasoning", "citations"},
        "ollama": {"reasoning"},
        "watsonx": set(),
    }


def test_every_wire_has_its_speaker() -> None:
    (folder,) = core.llms.wires.__path__
    wires = {path.parent.name for path in Path(folder).glob("*/__init__.py")}

    assert wires == {speaker.wire for speaker in SPEAKERS}
