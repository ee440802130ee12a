"""From the command line and standard input to messages and options. Nothing here calls a model."""

from __future__ import annotations

import os
import select
import stat
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import typer
from pydantic_core import from_json

from core.llms.cli.terminal import Terminal
from core.llms.types.content import FilePart, ImagePart, Part, TextPart
from core.llms.types.messages import Message, SystemMessage, UserMessage
from core.llms.types.options import AnswerOptions

_OWN_OPTIONS: Final = {"response_model": "--json-schema", "response_format": "--json-schema"}
_PARAM_TYPES: Final[Mapping[str, tuple[type, str]]] = {
    "tools": (list, "a JSON array"),
    "provider_options": (dict, "a JSON object"),
    "output_retries": (int, "a whole number"),
    "fetch_remote_media": (bool, "true or false"),
}
_QUIET_INPUT_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSettings:
    """What was typed after `core-llms ask`, as it was typed."""

    model: str
    prompt: str | None
    images: tuple[str, ...]
    files: tuple[str, ...]
    system: str | None
    json_schema: str | None
    stream: bool
    max_tokens: int | None
    temperature: float | None
    reasoning_effort: str | None
    tool_free: bool
    params: tuple[str, ...]
    base_url: str | None
    wire: str | None
    timeout_seconds: float | None


def read_prompt(
    argument: str | None, terminal: Terminal, more: Iterable[str] = (), *, may_be_empty: bool = False
) -> str:
    """Put the prompt together: the argument, what comes through a pipe, and `more`, with an empty line between.

    Raises `typer.BadParameter` where there is none of them, or one is not UTF-8.
    """
    if argument == "-":
        parts = [_read_input()]
    else:
        parts = [] if argument is None else [_text(argument, "the prompt")]
        if _is_piped(sys.stdin.fileno()):
            _announce_wait(terminal)
            parts.append(_read_input())
    prompt = "\n\n".join(part for part in (*parts, *more) if part.strip())
    if not prompt and not may_be_empty:
        raise typer.BadParameter("there is none: give it as an argument or through a pipe", param_hint="PROMPT")
    return prompt


def _is_piped(descriptor: int) -> bool:
    mode = os.fstat(descriptor).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


def _announce_wait(terminal: Terminal) -> None:
    # A pipe that was inherited and is never closed looks like one that is slow: the user is told, and decides.
    if os.name == "posix" and not select.select([sys.stdin], [], [], _QUIET_INPUT_SECONDS)[0]:
        terminal.note("waiting for standard input to end; `< /dev/null` leaves it out")


def _read_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8").rstrip("\n")
    except UnicodeDecodeError as error:
        raise typer.BadParameter(
            "standard input is not UTF-8 text; give a document with --file, an image with --image", param_hint="PROMPT"
        ) from error


def _text(value: str, what: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise typer.BadParameter(f"{what} is not UTF-8 text") from error
    return value


def build_messages(
    prompt: str, images: Iterable[str] = (), files: Iterable[str] = (), system: str | None = None
) -> list[Message]:
    """Make the conversation: the instructions, then the prompt with its images and documents."""
    parts: list[Part] = [TextPart(prompt)] if prompt else []
    parts += [ImagePart.of(source) for source in images]
    parts += [_file_part(source) for source in files]
    message = UserMessage(prompt if prompt and len(parts) == 1 else parts)
    if system is None:
        return [message]
    return [SystemMessage(_text(system, "--system")), message]


def _file_part(source: str) -> FilePart:
    if source.startswith(("http://", "https://", "data:")):
        return FilePart(url=source)
    return FilePart(path=Path(source))


def build_options(settings: AskSettings) -> AnswerOptions:
    """Make the call's keyword arguments. Raises `typer.BadParameter` for one that is wrong or given twice."""
    own = {
        "max_tokens": settings.max_tokens,
        "temperature": settings.temperature,
        "reasoning_effort": settings.reasoning_effort,
    }
    options: dict[str, Any] = {name: value for name, value in own.items() if value is not None}
    for text in settings.params:
        name, value = parse_param(text)
        if name in options:
            raise typer.BadParameter(f"{name!r} is given twice", param_hint="--param")
        options[name] = value
    if settings.json_schema is not None:
        options["response_model"] = load_schema(settings.json_schema)
    if settings.tool_free and options.get("tools"):
        options["tool_choice"] = "none"
    # A name that is not known is refused by the call itself, which says what there is.
    return cast("AnswerOptions", options)


def parse_param(text: str) -> tuple[str, Any]:
    """Read `name=value`; a value that is not JSON is text. Raises `typer.BadParameter`."""
    name, equals, given = _text(text, "--param").partition("=")
    name = name.strip()
    if not equals or not name.isidentifier():
        raise typer.BadParameter(f"{text!r} must look like name=value", param_hint="--param")
    if name in _OWN_OPTIONS:
        raise typer.BadParameter(f"{name!r} is what {_OWN_OPTIONS[name]} is for", param_hint="--param")
    try:
        value = from_json(given, allow_inf_nan=False)
    except ValueError:
        value = given
    kind, description = _PARAM_TYPES.get(name, (object, ""))
    if not isinstance(value, kind):
        raise typer.BadParameter(f"{name!r} must be {description}", param_hint="--param")
    return name, value


def load_schema(given: str) -> dict[str, Any]:
    """Read a JSON schema, inline or from a file. Raises `typer.BadParameter`."""
    try:
        text = given.encode() if given.lstrip().startswith("{") else Path(given).expanduser().read_bytes()
        schema = from_json(text)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise typer.BadParameter(f"{given[:200]}: {reason}", param_hint="--json-schema") from error
    except ValueError as error:
        raise typer.BadParameter(f"it is not valid JSON: {error}", param_hint="--json-schema") from error
    if not isinstance(schema, dict):
        raise typer.BadParameter("it must be a JSON object", param_hint="--json-schema")
    return schema
