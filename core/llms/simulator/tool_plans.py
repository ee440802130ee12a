"""Which tools to call, and with what: by name and description, from the words of the user."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from core.llms.simulator.conversation import ToolCall
from core.llms.simulator.hints import Hints, listed_entities, narrowed_to
from core.llms.simulator.schemas import fill_schema

if TYPE_CHECKING:
    from core.llms.simulator.conversation import Conversation, Tool

_WEAK_WORDS = frozenset(
    """a about add an and any anything are by call call can check compute create current data do does execute fetch
    find for from function get give given have how if in information into is it its list look lookup make me more my
    new now of on or out perform please provide query read result return returns run search send set show so some tell
    that the their then this to tool up use used user using value values want was what when where which will with you
    your single""".split()  # noqa: SIM905  # a hundred quoted words would hide the list
)
_DESCRIPTION_MATCHES = 2


def plan_tool_calls(conversation: Conversation) -> tuple[ToolCall, ...]:
    """The calls to make now; none when the model should answer in words."""
    choice = conversation.tool_choice
    tools = [tool for tool in conversation.tools if not choice.names or tool.name in choice.names]
    if choice.mode == "none" or not tools:
        return ()
    question = conversation.gist
    chosen = [tool for tool in tools if _is_relevant(tool, question)]
    if choice.mode == "required":
        return _limited(conversation, _calls(chosen or tools[:1], question))
    made = _calls_made(conversation)
    return _limited(conversation, [call for call in _calls(chosen, question) if _key(call) not in made])


def _limited(conversation: Conversation, calls: list[ToolCall]) -> tuple[ToolCall, ...]:
    return tuple(calls if conversation.parallel_tool_calls else calls[:1])


def _calls(tools: list[Tool], question: str) -> list[ToolCall]:
    return [call for tool in tools for call in _calls_of(tool, question)]


def _calls_of(tool: Tool, question: str) -> list[ToolCall]:
    names = listed_entities(question)
    if len(names) > 1 and _single_text_property(tool) is not None:
        return [_call(tool, narrowed_to(question, name)) for name in names]
    return [_call(tool, question)]


def _call(tool: Tool, question: str) -> ToolCall:
    arguments = fill_schema(tool.parameters or {"type": "object"}, Hints(question, answer=question), optional=False)
    return ToolCall(tool.name, to_json(arguments).decode())


def _single_text_property(tool: Tool) -> str | None:
    """The one required property of type string, when there is exactly one."""
    properties: dict[str, Any] = tool.parameters.get("properties") or {}
    required = tool.parameters.get("required") or list(properties)
    texts = [
        name
        for name in required
        if isinstance(inner := properties.get(name), dict) and inner.get("type") == "string" and "enum" not in inner
    ]
    return texts[0] if len(texts) == 1 else None


def _is_relevant(tool: Tool, question: str) -> bool:
    spoken = {_stem(word) for word in re.findall(r"[a-z]+", question.lower())}
    if tool.name.lower() in question.lower():
        return True
    name_words = {_stem(word) for word in re.findall(r"[a-z]+", _spaced(tool.name).lower())}
    telling = {word for word in name_words if word not in _WEAK_WORDS} or name_words
    if telling & spoken:
        return True
    described = {_stem(word) for word in re.findall(r"[a-z]{4,}", tool.description.lower())}
    return len((described & spoken) - _WEAK_WORDS) >= _DESCRIPTION_MATCHES


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").replace("-", " ")


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _calls_made(conversation: Conversation) -> set[tuple[str, str]]:
    later = conversation.turns[conversation.last_user_index + 1 :]
    return {_key(call) for turn in later for call in turn.tool_calls}


def _key(call: ToolCall) -> tuple[str, str]:
    try:
        arguments = from_json(call.arguments)
    except ValueError:
        return call.name, call.arguments
    canonical = sorted(arguments.items()) if isinstance(arguments, dict) else arguments
    return call.name, to_json(canonical).decode()
