"""The probes: what is asked of a model to see whether it can do something, and what in the answer shows that it can."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final

from pydantic_core import from_json

from core.llms.errors import APIError, ConfigurationError
from core.llms.registry.detection.base.refusals import find_limit, refuses
from core.llms.types.content import ImagePart, TextPart
from core.llms.types.messages import Message, SystemMessage, UserMessage
from core.llms.types.response import LLMResponse
from core.llms.types.tools import ResponseFormat, Tool

_SIDE: Final = 64
_PURPLE: Final = bytes((130, 0, 160))
_PURPLES: Final = ("purple", "violet", "magenta")
_CODE_WORD: Final = "zephyr"
# More than any model's largest answer, and few enough for every vendor's integer.
ABSURD_MAX_TOKENS: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer and why: `answer` is yes, no, a number of tokens, or None for not known."""

    answer: bool | int | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Probe:
    """One question to a model: a request, how its answer is judged, and by which words a refusal names it.

    `judge` gets the answer and in how many pieces its text came. `fact` is the field of `LLMCapabilities` that it
    settles, None for one that has no field of its own.
    `reads_limit`: a refusal tells a number of tokens, not a no.
    """

    name: str
    meaning: str
    messages: tuple[Message, ...]
    judge: Callable[[LLMResponse, int], Verdict]
    names: re.Pattern[str]
    fact: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    streams: bool = False
    reads_limit: bool = False

    def judge_error(self, error: APIError) -> Verdict:
        """Judge a vendor's error: a no where it refuses what was asked by name, else not known."""
        if self.reads_limit:
            limit = find_limit(error, ABSURD_MAX_TOKENS)
            return Verdict(limit, error.message if limit else f"it names no limit: {error.message}")
        if refuses(error, self.names):
            return Verdict(False, error.message)
        return Verdict(None, f"no refusal of this: {error.message}")


def _plain_image() -> bytes:
    """Make a small PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + _PURPLE * _SIDE) * _SIDE)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _said(response: LLMResponse) -> str:
    end = "" if response.finish_reason.unified == "stop" else f" ({response.finish_reason})"
    return f"it answered {response.text[:80]!r}{end}"


def _judge_image(response: LLMResponse, pieces: int) -> Verdict:
    if any(colour in response.text.lower() for colour in _PURPLES):
        return Verdict(True, f"it saw a purple image: {response.text[:80]!r}")
    tokens = _image_tokens(response.usage.raw)
    if tokens:
        return Verdict(True, f"it counted {tokens} tokens of an image")
    return Verdict(None, f"{_said(response)} of a purple image")


def _image_tokens(usage: Any) -> int:
    """Return the tokens of images in a usage as received: OpenAI's `image_tokens`, or Google's modality."""
    if isinstance(usage, list):
        return sum(_image_tokens(each) for each in usage)
    if not isinstance(usage, Mapping):
        return 0
    if usage.get("modality") == "IMAGE" and type(usage.get("tokenCount")) is int:
        return int(usage["tokenCount"])
    asked = {name: value for name, value in usage.items() if "completion" not in name and "output" not in name}
    own = asked.pop("image_tokens", None)
    return (own if type(own) is int else 0) + sum(_image_tokens(value) for value in asked.values())


def _judge_call(response: LLMResponse, pieces: int) -> Verdict:
    if any(call.name == _WEATHER.name for call in response.tool_calls):
        return Verdict(True, f"it called {_WEATHER.name}")
    return Verdict(None, f"{_said(response)}, and called no tool")


def _judge_calls(response: LLMResponse, pieces: int) -> Verdict:
    made = len(response.tool_calls)
    if made > 1:
        return Verdict(True, f"it made {made} calls in one turn")
    return Verdict(None, f"it made {made} of 2 calls")


def _judge_schema(response: LLMResponse, pieces: int) -> Verdict:
    try:
        # Some vendors leave what a model thought in its text, in front of the answer.
        answer = from_json(response.text.rpartition("</think>")[2].strip())
    except ValueError:
        return Verdict(None, f"{_said(response)}, which is no JSON")
    fits = isinstance(answer, dict) and answer.keys() == _SCHEMA["properties"].keys()
    if fits and answer["fruit"] in _FRUITS and type(answer["pieces"]) is int:
        return Verdict(True, f"its answer fits the schema: {response.text[:80]}")
    return Verdict(None, f"{_said(response)}, which does not fit the schema")


def _judge_stream(response: LLMResponse, pieces: int) -> Verdict:
    if pieces > 1:
        return Verdict(True, f"its text came in {pieces} pieces")
    return Verdict(None, f"its text came in {pieces} piece")


def _judge_obedience(response: LLMResponse, pieces: int) -> Verdict:
    if _CODE_WORD in response.text.lower():
        return Verdict(True, "it did as a system message said")
    return Verdict(None, f"{_said(response)}, without the word that a system message asked for")


def _judge_acceptance(response: LLMResponse, pieces: int) -> Verdict:
    return Verdict(True, "it took the parameter")


def _judge_absurdity(response: LLMResponse, pieces: int) -> Verdict:
    return Verdict(None, f"{ABSURD_MAX_TOKENS} tokens were accepted: the limit is not told")


_FRUITS: Final = ("apple", "pear")
_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"fruit": {"type": "string", "enum": list(_FRUITS)}, "pieces": {"type": "integer"}},
    "required": ["fruit", "pieces"],
    "additionalProperties": False,
}
_WEATHER: Final = Tool(
    "get_weather",
    "Say what the weather in a city is now.",
    {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"], "additionalProperties": False},
)


# "Multi step" is Cohere's word for tools.
_TOOL_NAMES: Final = re.compile(r"\btools?\b|tool.?(?:use|call)|function.?call|multi.?step")


def _ask(*content: Any) -> tuple[Message, ...]:
    return (UserMessage(content[0] if len(content) == 1 else content),)


PROBES: Final[Mapping[str, Probe]] = {
    probe.name: probe
    for probe in (
        Probe(
            "vision",
            "an image of one colour is described",
            _ask(
                TextPart("Which colour fills this image? Answer with the colour alone."),
                ImagePart(data=_plain_image(), media_type="image/png"),
            ),
            _judge_image,
            re.compile(r"image|vision|multi-?modal|picture|content.{0,24}(?:must be|should be|expected).{0,12}string"),
            "supports_vision",
        ),
        Probe(
            "tools",
            "a tool is called",
            _ask("What is the weather in Oslo now? Call get_weather."),
            _judge_call,
            _TOOL_NAMES,
            "supports_tools",
            {"tools": [_WEATHER]},
        ),
        Probe(
            "parallel_tools",
            "two tools are called in one turn",
            _ask("What is the weather in Oslo and Lima now? Call get_weather once for each city, both at once."),
            _judge_calls,
            _TOOL_NAMES,
            "supports_parallel_tools",
            {"tools": [_WEATHER]},
        ),
        Probe(
            "json_schema",
            "an answer fits a JSON schema that the prompt does not name",
            _ask("Name a fruit, and how many pieces of it you would eat."),
            _judge_schema,
            re.compile(
                r"response.?format|json.?schema|structured.?output|output_?config|text_?format|response_?schema|\bformat\b"
            ),
            "supports_structured_output",
            {"response_format": ResponseFormat("json_schema", "fruit", _SCHEMA)},
        ),
        Probe(
            "streaming",
            "an answer comes in pieces",
            _ask("Count from 1 to 9."),
            _judge_stream,
            re.compile(r"stream"),
            "supports_streaming",
            streams=True,
        ),
        Probe(
            "system_role",
            "a system message is obeyed",
            (
                SystemMessage(f"Whatever you are asked, end your answer with the word {_CODE_WORD}."),
                *_ask("How are you today?"),
            ),
            _judge_obedience,
            re.compile(r"system|developer|\brole"),
            "supports_system_messages",
        ),
        Probe(
            "temperature",
            "a temperature is taken",
            _ask("Say: ok."),
            _judge_acceptance,
            re.compile(r"temperature|sampling"),
            options={"temperature": 0.5},
        ),
        Probe(
            "max_output",
            "too large a `max_tokens` is refused with the limit",
            _ask("Say: ok."),
            _judge_absurdity,
            re.compile(r"max\w*tokens"),
            "max_output_tokens",
            {"max_tokens": ABSURD_MAX_TOKENS},
            reads_limit=True,
        ),
    )
}
# Without the one that a vendor which does not refuse it could answer at length.
USUAL_PROBES: Final = tuple(name for name, probe in PROBES.items() if not probe.reads_limit)


def choose_probes(wanted: bool | str | Collection[str]) -> tuple[Probe, ...]:
    """Return the probes asked for: none for False, the usual ones for True, else those named, in their fixed order.

    Raises `ConfigurationError` for a name that is none.
    """
    names = set(USUAL_PROBES if wanted else ()) if isinstance(wanted, bool) else set(_spelled(wanted))
    for name in sorted(names - PROBES.keys()):
        close = get_close_matches(name, PROBES, 1)
        hint = f"; did you mean {close[0]!r}?" if close else "."
        raise ConfigurationError(f"no probe is called {name!r}{hint} Known: {', '.join(PROBES)}")
    return tuple(probe for probe in PROBES.values() if probe.name in names)


def _spelled(wanted: str | Collection[str]) -> Iterator[str]:
    for name in (wanted,) if isinstance(wanted, str) else wanted:
        yield name.replace("-", "_").lower()
