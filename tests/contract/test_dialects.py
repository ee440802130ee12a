"""Rooms are not clones: each provider on OpenAI's chat wire has a request and a response that the plain dialect fails.

They are in `tests/wires/fixtures/dialects/`, one file a provider. Where a room says nothing otherwise than OpenAI, in
one direction or in both, its page says "no deviation" and where that was read.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest

from core.llms.create import list_providers
from core.llms.errors import LLMError
from core.llms.providers.base.openai_family import OpenAIFamilyLLM
from core.llms.runtime.tool_functions import as_tool
from core.llms.types.content import TextPart
from core.llms.types.events import StreamFinished
from core.llms.types.message_dicts import parse_messages
from core.llms.types.request import LLMRequest
from core.llms.types.response import LLMResponse
from core.llms.types.tools import ToolChoice
from core.llms.wires.openai_chat import ChatDialect, OpenAIChatWire

FIXTURES = Path(__file__).parents[1] / "wires" / "fixtures" / "dialects"
PAGES = Path(__file__).parents[2] / "docs" / "providers"
PLAIN: Final = ChatDialect()
DIRECTIONS: Final = ("request", "response")


def find_dialects() -> dict[str, ChatDialect]:
    """Find each provider whose room exports an LLM of OpenAI's family, and the dialect that it shares."""
    found = {}
    for provider in list_providers():
        for value in vars(import_module(f"core.llms.providers.{provider}")).values():
            if isinstance(value, type) and issubclass(value, OpenAIFamilyLLM):
                found[provider] = value.CHAT_DIALECT
    return found


DIALECTS: Final = find_dialects()
SPEAKING: Final = [provider for provider, dialect in DIALECTS.items() if dialect != PLAIN]
EVERY = pytest.mark.parametrize("provider", SPEAKING)


def load(provider: str) -> dict[str, Any]:
    fixture: dict[str, Any] = json.loads((FIXTURES / f"{provider}.json").read_text(encoding="utf-8"))
    return fixture


def render(fixture: dict[str, Any], dialect: ChatDialect) -> dict[str, Any]:
    asked = fixture["request"]
    request = LLMRequest(
        "m",
        parse_messages(asked["messages"]),
        asked["params"],
        tools=tuple(as_tool(tool) for tool in asked.get("tools", ())),
        tool_choice=ToolChoice.of(asked["tool_choice"]) if "tool_choice" in asked else None,
        stream=asked.get("stream", False),
    )
    body = OpenAIChatWire(dialect).render_request(request).body
    return {name: value for name, value in body.items() if name != "model"}


def read(fixture: dict[str, Any], dialect: ChatDialect) -> dict[str, Any]:
    """Read the response and say of it what the fixture says."""
    answer, wire = fixture["response"], OpenAIChatWire(dialect)
    try:
        if "stream" in answer:
            said = describe(read_stream("".join(f"{line}\n\n" for line in answer["stream"]), wire))
        elif "status" in answer:
            raise wire.parse_error(answer["status"], {}, json.dumps(answer["body"]).encode())
        else:
            said = describe(wire.parse_response(answer["body"]))
    except LLMError as error:
        return {"error": type(error).__name__}
    return {name: value for name, value in said.items() if name in answer["reads"]}


def read_stream(text: str, wire: OpenAIChatWire) -> LLMResponse:
    decoder = wire.create_stream_decoder()
    last = [*decoder.feed(text.encode()), *decoder.close()][-1]
    assert isinstance(last, StreamFinished)
    return last.response


def describe(response: LLMResponse) -> dict[str, Any]:
    message, usage = response.message, response.usage
    notes = [note for part in message.parts if isinstance(part, TextPart) for note in part.annotations]
    return {
        "text": message.text,
        "reasoning": message.reasoning,
        "tool_calls": [[call.name, call.arguments_json] for call in message.tool_calls],
        "finish_reason": [response.finish_reason.unified, response.finish_reason.raw],
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cache_read_tokens": usage.cache_read_tokens,
        "reported_cost": None if usage.reported_cost is None else f"{usage.reported_cost:f}",
        "sources": [note["url"] for note in notes],
    }


def read_page(provider: str) -> str:
    return " ".join((PAGES / f"{provider}.md").read_text(encoding="utf-8").split())


def test_providers_are_found_by_their_code() -> None:
    assert {"groq", "azure", "openai", "openai_compatible"} <= set(DIALECTS)
    assert {"anthropic", "google", "cohere"}.isdisjoint(DIALECTS)


def test_every_fixture_is_of_a_provider_that_has_a_dialect_of_its_own() -> None:
    assert sorted(path.stem for path in FIXTURES.glob("*.json")) == sorted(SPEAKING)


@EVERY
def test_request_and_response_hold_in_the_room_s_own_dialect(provider: str) -> None:
    fixture = load(provider)
    assert fixture["source"]
    assert render(fixture, DIALECTS[provider]) == fixture["request"]["body"]
    assert read(fixture, DIALECTS[provider]) == fixture["response"]["reads"]


@EVERY
def test_request_and_response_fail_in_the_plain_dialect_save_where_the_page_says_why_not(provider: str) -> None:
    fixture = load(provider)
    same = {
        "request": render(fixture, PLAIN) == fixture["request"]["body"],
        "response": read(fixture, PLAIN) == fixture["response"]["reads"],
    }
    said = fixture.get("no_deviation", {})
    assert {direction for direction in DIRECTIONS if same[direction]} == set(said)
    assert set(said) < set(DIRECTIONS), "a room that says nothing otherwise needs no dialect"
    page = read_page(provider)
    for sentence in said.values():
        assert "no deviation" in sentence
        assert sentence in page


@pytest.mark.parametrize("provider", [provider for provider in DIALECTS if provider not in SPEAKING])
def test_page_of_a_room_in_the_plain_dialect_says_so_with_the_source(provider: str) -> None:
    (sentence,) = [part for part in read_page(provider).split("- ") if "no deviation" in part]
    assert "read 202" in sentence
