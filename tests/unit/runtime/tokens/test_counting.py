"""Whole requests in tokens, against counts that OpenAI's own API reported."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from core.llms.runtime.token_utils import count_chat_tokens, count_chat_tokens_async
from core.llms.runtime.tokens.framing import ChatFraming, Wire, find_framing
from core.llms.types.content import (
    AudioPart,
    FilePart,
    ImagePart,
    OpaquePart,
    ReasoningPart,
    RefusalPart,
    TextPart,
    ToolCall,
    render_data_url,
)
from core.llms.types.messages import (
    AssistantMessage,
    DeveloperMessage,
    Message,
    SystemMessage,
    ToolMessage,
    UserMessage,
)
from core.llms.types.tools import ResponseFormat, ServerTool, Tool

HELLO = (UserMessage("hello"),)


def _tool(name: str, description: str | None = None, required: tuple[str, ...] = (), **properties: Any) -> Tool:
    return Tool(name, description, {"type": "object", "properties": properties, "required": list(required)})


CITY = {"type": "string", "description": "the city"}
WEATHER = _tool("weather", "Get weather information for a location", ("location",), location=CITY)
NUMBERS = {
    "a": {"description": "first number", "type": "integer"},
    "b": {"description": "second number", "type": "integer"},
}
WEATHER_TALK: tuple[Message, ...] = (
    SystemMessage("You are a helpful assistant"),
    UserMessage("What's the weather in Florence,Italy?"),
)
WEATHER_CALL = AssistantMessage([ToolCall.parse("c1", "weather", '{"location":"Florence, Italy"}')])
WEATHER_RESULT = ToolMessage("40 C", tool_call_id="c1")
BOSTON = _tool(
    "get_current_weather",
    "Get the current weather in a given location",
    ("location",),
    location={"type": "string", "description": "The city and state, e.g. San Francisco, CA"},
    unit={"type": "string", "enum": ["celsius", "fahrenheit"]},
)


@pytest.mark.parametrize(
    ("model_id", "messages", "tokens"),
    [
        ("gpt-35-turbo", (UserMessage("Tell me a joke about opentelemetry"),), 15),
        ("gpt-4o-mini", (UserMessage("Hello!"),), 9),
        (
            "gpt-4o-mini-2024-07-18",
            (SystemMessage("Translate the following from English into Italian"), UserMessage("hi!")),
            20,
        ),
        ("gpt-4.1-mini", (UserMessage("Work out 17 + 25 carefully, then answer with only the number."),), 23),
        ("gpt-5-mini", (SystemMessage("You are a helpful assistant"), UserMessage("Say hi in Portuguese")), 19),
    ],
)
def test_count_of_plain_messages_is_what_the_api_reported(
    model_id: str, messages: tuple[Message, ...], tokens: int
) -> None:
    count = count_chat_tokens(messages, model_id=model_id)
    assert (count.tokens, count.exact, count.note) == (tokens, True, None)
    assert (count.text_tokens, count.image_tokens, count.tool_tokens, count.file_tokens) == (tokens, 0, 0, 0)


@pytest.mark.parametrize(
    ("model_id", "messages", "tools", "wire", "tokens"),
    [
        (
            "gpt-4.1-nano",
            (UserMessage("Hey, what's the weather in San Francisco? Also, any news in town?"),),
            [_tool(name, "", ("location",), location={"type": "string"}) for name in ("get_weather", "get_news")],
            "chat",
            67,
        ),
        (
            "gpt-4o",
            (
                SystemMessage("Use the provided tool to calculate the square of 2."),
                UserMessage("What is the square of 2?"),
            ),
            [
                _tool("calculate_square_tool", "", ("x",), x={"type": "integer"}),
                _tool(
                    "final_result",
                    "The final response which ends this conversation",
                    ("original_number", "square"),
                    original_number={"type": "integer"},
                    square={"type": "integer"},
                ),
            ],
            "chat",
            85,
        ),
        (
            "gpt-5",
            (
                SystemMessage("You are a helpful assistant. Always use both add and multiply at the same time."),
                UserMessage("Add and multiply the number 2 and 3"),
            ),
            [
                _tool("add", "Add two numbers", ("a", "b"), **NUMBERS),
                _tool("multiply", "Multiply two numbers", ("a", "b"), **NUMBERS),
            ],
            "chat",
            190,
        ),
        ("o4-mini", WEATHER_TALK, [WEATHER], "chat", 64),
        ("o4-mini", (*WEATHER_TALK, WEATHER_CALL, WEATHER_RESULT), [WEATHER], "chat", 92),
        ("gpt-5-mini", (*WEATHER_TALK, WEATHER_CALL, WEATHER_RESULT), [WEATHER], "chat", 176),
        (
            "gpt-5-mini",
            (DeveloperMessage("You are a helpful assistant"), WEATHER_TALK[1], WEATHER_CALL, WEATHER_RESULT),
            [WEATHER],
            "responses",
            92,
        ),
        ("gpt-4-0613", (UserMessage("What's the weather like in Boston?"),), [BOSTON], "chat", 82),
    ],
)
def test_count_with_tools_is_what_the_api_reported(
    model_id: str, messages: tuple[Message, ...], tools: list[Tool], wire: Wire, tokens: int
) -> None:
    count = count_chat_tokens(messages, model_id=model_id, tools=tools, wire=wire)
    assert count.tokens == tokens
    assert count.text_tokens + count.tool_tokens == tokens
    assert not count.exact
    assert count.note == "tools and tool calls are counted in an inferred form"


@pytest.mark.parametrize(
    ("messages", "tools", "tokens"),
    [
        # What gpt-3.5-turbo reported for these requests, published in 2023 and 2024 by users of the API.
        (HELLO, [_tool("foo")], 31),
        (HELLO, [_tool("foo", "Do a foo")], 36),
        (HELLO, [_tool("bing_bong", "Do a bing bong", foo={"type": "string"})], 49),
        (
            HELLO,
            [
                _tool(
                    "bing_bong",
                    "Do a bing bong",
                    foo={"type": "string"},
                    bar={"type": "number", "description": "A number"},
                )
            ],
            57,
        ),
        (
            HELLO,
            [
                _tool(
                    "bing_bong",
                    "Do a bing bong",
                    foo={
                        "type": "object",
                        "properties": {
                            "bar": {"type": "string", "enum": ["a", "b", "c"]},
                            "baz": {"type": "boolean"},
                        },
                    },
                )
            ],
            68,
        ),
        ((SystemMessage("Hello"), UserMessage("Hi there")), [_tool("do_stuff")], 35),
        ((SystemMessage("Hello:"), UserMessage("Hi there")), [_tool("do_stuff")], 35),
        ((SystemMessage("Hello:"), SystemMessage("Hello"), UserMessage("Hi there")), [_tool("do_stuff")], 40),
        (
            HELLO,
            [
                BOSTON,
                _tool(
                    "bing_bong",
                    "Do a bing bong",
                    foo={"type": "string"},
                    bar={"type": "number", "description": "A number"},
                ),
            ],
            108,
        ),
    ],
)
def test_count_of_older_models_tools_is_what_the_api_reported(
    messages: tuple[Message, ...], tools: list[Tool], tokens: int
) -> None:
    assert count_chat_tokens(messages, model_id="gpt-3.5-turbo", tools=tools).tokens == tokens


def _calls(count: int) -> tuple[Message, ...]:
    sunny = "It is currently 70 degrees and sunny in Boston, MA"
    calls = [ToolCall.parse(str(index), "get_current_weather", '{"location":"Boston"}') for index in range(count)]
    return (AssistantMessage(calls), *(ToolMessage(sunny, tool_call_id=str(index)) for index in range(count)))


@pytest.mark.parametrize(("calls", "tokens"), [(1, 36), (3, 124), (4, 157), (5, 190)])
def test_count_of_parallel_calls_is_what_the_api_reported(calls: int, tokens: int) -> None:
    # What gpt-3.5-turbo reported, published in 2024 by users of the API.
    assert count_chat_tokens(_calls(calls), model_id="gpt-3.5-turbo").tokens == tokens


def test_count_adds_a_frame_for_text_beside_a_call() -> None:
    call = ToolCall.of("1", "weather", {})
    alone = count_chat_tokens([AssistantMessage([call])], model_id="gpt-4o").tokens
    with_text = count_chat_tokens([AssistantMessage([TextPart("hello"), call])], model_id="gpt-4o").tokens
    assert with_text - alone == 5


def test_count_adds_a_name() -> None:
    assert count_chat_tokens([UserMessage("hello", name="Ada")], model_id="gpt-4o").tokens == 10


@pytest.mark.parametrize(
    ("model_id", "tokens", "note"),
    [
        ("gpt-5.6-sol", 7, "that gpt-5.6-sol uses o200k_base is an assumption"),
        (
            "gpt-6-astra",
            7,
            "that gpt-6-astra uses o200k_base is an assumption; the frame of gpt-6-astra's messages is not confirmed",
        ),
        ("gpt-3.5-turbo-0301", 9, "the frame of gpt-3.5-turbo-0301's messages is not confirmed"),
        ("gpt-4o-mini-search-preview", 1, "the frame of gpt-4o-mini-search-preview's messages is not confirmed"),
    ],
)
def test_count_says_what_is_assumed_of_a_model(model_id: str, tokens: int, note: str) -> None:
    count = count_chat_tokens(HELLO, model_id=model_id)
    assert (count.tokens, count.exact, count.note) == (tokens, False, note)


def test_count_leaves_reasoning_out_and_takes_refusals_in() -> None:
    plain = count_chat_tokens([AssistantMessage("no")], model_id="gpt-4o")
    mixed = [AssistantMessage([ReasoningPart("long thoughts " * 50), RefusalPart("no")])]
    assert count_chat_tokens(mixed, model_id="gpt-4o") == plain


@pytest.mark.parametrize("source", ["data", "url", "path"])
def test_count_reads_the_size_of_an_image(source: str, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (600, 300)).save(buffer, "PNG")
    data = buffer.getvalue()
    path = tmp_path / "image.png"
    path.write_bytes(data)
    part = {
        "data": ImagePart(data=data),
        "url": ImagePart(url=render_data_url("image/png", data)),
        "path": ImagePart(path=path),
    }[source]
    count = count_chat_tokens([UserMessage([TextPart("hello"), part])], model_id="gpt-4o")
    assert (count.tokens, count.text_tokens, count.image_tokens, count.exact) == (433, 8, 425, True)


@pytest.mark.parametrize(
    "part",
    [
        ImagePart(url="https://example.com/cat.png"),
        ImagePart(url="data:image/png;base64,!!!"),
        ImagePart(data=b"\xff\xd8\xff\xd9"),
        ImagePart(data=b"\x00\x00\x00\x20ftypavif"),
    ],
)
def test_count_assumes_a_size_for_an_image_it_cannot_read(part: ImagePart) -> None:
    count = count_chat_tokens([UserMessage([part])], model_id="gpt-4o")
    assert (count.image_tokens, count.exact) == (765, False)
    assert count.note == "the image's size is unknown, 1024×1024 is assumed; at most 1,445 tokens"


def test_count_passes_a_missing_file_on(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        count_chat_tokens([UserMessage([ImagePart(path=tmp_path / "none.png")])], model_id="gpt-4o")


@pytest.mark.parametrize(
    ("part", "tokens", "note"),
    [
        (
            FilePart(data=b"%PDF-1.4 /Type /Pages /Type /Page /Type/Page\n", media_type="application/pdf"),
            2000,
            "a document is counted as 1,000 tokens a page",
        ),
        (FilePart(data=b"%PDF-1.7 compressed"), 1000, "a document is counted as 1,000 tokens a page"),
        (FilePart(data=b"hello there, Ada", filename="note.TXT"), 4, "a document's text is estimated"),
        (FilePart(url="data:text/plain;base64,aGVsbG8gdGhlcmUsIEFkYQ=="), 4, "a document's text is estimated"),
        (FilePart(file_id="file-1"), 1000, "a document that is not at hand is counted as one page"),
        (FilePart(url="https://e.org/a.pdf"), 1000, "a document that is not at hand is counted as one page"),
        (FilePart(url="data:broken"), 1000, "a document that is not at hand is counted as one page"),
        (AudioPart(data=bytes(32_000), format="mp3"), 20, "sound is counted as 10 tokens a second"),
        (AudioPart(data=b"RIFF\x00\x00\x00\x00WAVE", format="wav"), 1, "sound is counted as 10 tokens a second"),
        (
            AudioPart(
                data=b"RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00"
                b"\x01\x00\x01\x00\x80\x3e\x00\x00\x00\x7d\x00\x00\x02\x00\x10\x00"
                b"data\x00\xfa\x00\x00" + bytes(64_000),
                format="wav",
            ),
            20,
            "sound is counted as 10 tokens a second",
        ),
    ],
)
def test_count_estimates_documents_and_sound(part: FilePart | AudioPart, tokens: int, note: str) -> None:
    count = count_chat_tokens([UserMessage([part])], model_id="gpt-4o")
    assert (count.file_tokens, count.exact, count.note) == (tokens, False, note)
    assert count.tokens == 7 + tokens


def test_count_takes_a_vendors_block_as_its_json() -> None:
    count = count_chat_tokens([UserMessage([OpaquePart("openai_chat", {"a": 1})])], model_id="gpt-4o")
    assert count.text_tokens == 12
    assert count.note == "a block of openai_chat is counted as its JSON"


def test_count_takes_a_vendors_tool_as_its_json_and_says_so() -> None:
    count = count_chat_tokens(HELLO, model_id="gpt-4o", tools=[ServerTool({"type": "web_search"})])
    assert count.tool_tokens == 9 + 6
    assert count.note is not None
    assert count.note.endswith("a tool that the vendor runs is counted as its JSON")


def test_count_with_a_response_schema_is_near_what_the_api_reported() -> None:
    schema = {
        "additionalProperties": False,
        "properties": {"answer": {"type": "string"}},
        "required": ["answer"],
        "type": "object",
    }
    messages = (UserMessage("Write malware that encrypts a hospital's files and demands a ransom."),)
    response_format = ResponseFormat("json_schema", "answer", schema)
    count = count_chat_tokens(messages, model_id="gpt-4.1", response_format=response_format)
    assert abs(count.tokens - 43) <= 4
    assert count.note == "the response schema is counted in an inferred form, within about 10 tokens"
    plain = count_chat_tokens(messages, model_id="gpt-4.1", response_format=ResponseFormat("json_object"))
    assert plain.exact


@pytest.mark.parametrize(
    ("messages", "loaded", "offloaded"),
    [
        (HELLO, True, False),
        (HELLO, False, True),
        ((UserMessage("a" * 60_000),), True, True),
        ((AssistantMessage([ToolCall.of("1", "f", {"text": "a" * 60_000})]),), True, True),
        ((UserMessage([ImagePart(path=Path(__file__))]),), True, True),
        ((UserMessage([ImagePart(data=bytes(60_000))]),), True, True),
        ((AssistantMessage([ReasoningPart("a" * 60_000)]),), True, False),
    ],
)
async def test_count_async_leaves_the_loop_only_for_slow_work(
    monkeypatch: pytest.MonkeyPatch, messages: tuple[Message, ...], loaded: bool, offloaded: bool
) -> None:
    threads: list[int] = []

    def record_thread(model_id: str) -> ChatFraming:
        threads.append(threading.get_ident())
        return find_framing(model_id)

    monkeypatch.setattr("core.llms.runtime.tokens.counting.find_framing", record_thread)
    monkeypatch.setattr("core.llms.runtime.tokens.counting.is_loaded", lambda name: loaded)
    count = await count_chat_tokens_async(messages, model_id="gpt-4o")
    assert count == count_chat_tokens(messages, model_id="gpt-4o")
    assert (threads[0] != threading.get_ident()) is offloaded
