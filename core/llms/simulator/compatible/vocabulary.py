"""The fields from which the vendors' request shapes are put together: what most of them share, and builders."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from core.llms.simulator.openai.chat_fields import NAME_PATTERN
from core.llms.simulator.openai.errors import ApiError, invalid_type, missing_parameter
from core.llms.simulator.openai.fields import (
    Rule,
    array,
    boolean,
    check_fields,
    decimal,
    integer,
    mapping,
    nullable,
    one_of,
    record,
    schema_object,
    tagged,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_STEPS = re.compile(r"([^.\[\]]+)|\[(\d+)\]")

TEXT = record({"type": text(), "text": text()}, ("text",))
IMAGE_URL = record({"url": text(), "detail": nullable(text(choices=("auto", "low", "high")))}, ("url",))
IMAGE = record({"type": text(), "image_url": IMAGE_URL}, ("image_url",))
SOUND = record({"data": text(), "format": text()}, ("data", "format"))
AUDIO = record({"type": text(), "input_audio": SOUND}, ("input_audio",))
FILE = record({"type": text(), "file": record({"file_data": text(), "file_id": text(), "filename": text()})}, ("file",))
TEXT_ONLY: Mapping[str, Rule] = {"text": TEXT}
TEXT_AND_IMAGES: Mapping[str, Rule] = {"text": TEXT, "image_url": IMAGE}
ROLES = ("system", "user", "assistant", "tool")


def content(parts: Mapping[str, Rule]) -> Rule:
    """A text, or a list of parts of these types; null as well."""
    return nullable(one_of(text(), array(tagged("type", parts), shortest=1)))


def messages(
    user: Mapping[str, Rule] = TEXT_AND_IMAGES,
    *,
    assistant: Mapping[str, Rule] | None = None,
    instructions: Mapping[str, Rule] = TEXT_ONLY,
    spoken: Mapping[str, Rule] = TEXT_ONLY,
    returned: Mapping[str, Rule] = TEXT_ONLY,
    call: Mapping[str, Rule] | None = None,
    named: Sequence[str] = (*ROLES, "developer"),
    roles: Sequence[str] = ROLES,
    tells_role: bool = False,
) -> Rule:
    """The messages of a chat.

    `user` are the parts a user's message may have, `instructions` a system's or developer's, `spoken` an assistant's,
    `returned` a tool's result. `assistant` are
    fields of its messages besides content and calls, `call` those of a call besides OpenAI's. Messages of the `named`
    roles may say who speaks. `tells_role`: an error's place names the role, as in `messages[0].user.content`.
    """
    function = record({"name": text(), "arguments": text()}, ("name", "arguments"))
    shape = {"id": text(), "type": text(choices=("function",)), "function": function, **(call or {})}
    called = nullable(array(record(shape, ("id", "function"))))
    fields: dict[str, dict[str, Rule]] = {
        "system": {"content": content(instructions)},
        "developer": {"content": content(instructions)},
        "user": {"content": content(user)},
        "assistant": {"content": content(spoken), "tool_calls": called, **(assistant or {})},
        "tool": {"content": content(returned), "tool_call_id": text()},
    }
    required = {"assistant": (), "tool": ("content", "tool_call_id")}
    known = {}
    for role in roles:
        name = {"name": nullable(text())} if role in named else {}
        known[role] = record({"role": text(), **name, **fields[role]}, required.get(role, ("content",)))
        if tells_role:
            known[role] = _placed_below(known[role], role)
    return array(tagged("role", known), shortest=1)


def _placed_below(rule: Rule, step: str) -> Rule:
    return Rule(rule.noun, rule.takes, lambda value, path: rule.verify(value, f"{path}.{step}"))


def tools(*, strict: bool = True) -> Rule:
    """Functions; `strict`: they may carry that mark."""
    function = {
        "name": text(longest=64, pattern=NAME_PATTERN),
        "description": nullable(text()),
        "parameters": nullable(schema_object()),
    }
    marked = function | ({"strict": nullable(boolean())} if strict else {})
    offered = record({"type": text(choices=("function",)), "function": record(marked, ("name",))}, ("type", "function"))
    return nullable(array(offered, longest=128))


def tool_choice(*words: str) -> Rule:
    """One of the words, or a function by its name."""
    named = record(
        {"type": text(choices=("function",)), "function": record({"name": text()}, ("name",))}, ("type", "function")
    )
    return nullable(one_of(text(choices=words), named))


def response_format(*kinds: str, **schema_fields: Rule) -> Rule:
    """The form of the answer, of these kinds; `schema_fields` are further fields of a JSON schema."""
    schema = {
        "name": text(longest=64, pattern=NAME_PATTERN),
        "description": nullable(text()),
        "schema": schema_object(),
        "strict": nullable(boolean()),
    }
    forms = {
        "text": record({"type": text()}),
        "json_object": record({"type": text()}),
        "json_schema": record(
            {"type": text(), "json_schema": record(schema | schema_fields, ("schema",))}, ("json_schema",)
        ),
    }
    return nullable(tagged("type", {kind: forms[kind] for kind in kinds}))


COMMON: Mapping[str, Rule] = {
    "model": text(),
    "messages": messages(),
    "temperature": nullable(decimal(0, 2)),
    "top_p": nullable(decimal(0, 1)),
    "top_k": nullable(integer(-1)),
    "min_p": nullable(decimal(0, 1)),
    "max_tokens": nullable(integer(1)),
    "max_completion_tokens": nullable(integer(1)),
    "stop": nullable(one_of(text(), array(text()))),
    "seed": nullable(integer()),
    "n": nullable(integer(1, 128)),
    "stream": nullable(boolean()),
    "stream_options": nullable(record({"include_usage": nullable(boolean())})),
    "presence_penalty": nullable(decimal(-2, 2)),
    "frequency_penalty": nullable(decimal(-2, 2)),
    "repetition_penalty": nullable(decimal(0)),
    "logprobs": nullable(boolean()),
    "top_logprobs": nullable(integer(0, 20)),
    "logit_bias": nullable(mapping(decimal(-100, 100))),
    "tools": tools(),
    "tool_choice": tool_choice("none", "auto", "required"),
    "parallel_tool_calls": nullable(boolean()),
    "response_format": response_format("text", "json_object", "json_schema"),
    "user": nullable(text()),
    "metadata": nullable(schema_object()),
    "prompt_cache_key": nullable(text()),
    "service_tier": nullable(text()),
}


def common(*names: str) -> dict[str, Rule]:
    """Some of the fields that most vendors share."""
    return {name: COMMON[name] for name in names}


def embedding_fields(dimensions: str = "dimensions", *encodings: str) -> dict[str, Rule]:
    """What most embeddings take: the model, texts, how many `dimensions`, and the form of the numbers."""
    return {
        "model": text(),
        "input": one_of(text(), array(text(), shortest=1)),
        dimensions: nullable(integer(1)),
        "encoding_format": nullable(text(choices=encodings or ("float", "base64"))),
    }


def everything_but(*names: str) -> dict[str, Rule]:
    """All of the fields that most vendors share, without these."""
    return {name: rule for name, rule in COMMON.items() if name not in names}


def check_shape(
    body: Any, fields: Mapping[str, Rule], required: tuple[str, ...], *, ignores_unknown: bool
) -> dict[str, Any]:
    """The request, once every field has a known name, type and range. Raises: ApiError.

    A vendor that ignores unknown fields gets the request without them; unknown are then those that no rule names, at
    any depth.
    """
    if not isinstance(body, dict):
        raise invalid_type("body", "an object", body)
    request: dict[str, Any] = body
    while True:
        try:
            for name in required:
                if request.get(name) is None:
                    raise missing_parameter(name)
            check_fields(request, fields, (), "")
            return request
        except ApiError as error:
            if error.code != "unknown_parameter" or not ignores_unknown or error.param is None:
                raise
            request = _without(request, path_of(error.param))


def path_of(param: str) -> list[str | int]:
    """`messages[0].name` as the steps that lead there."""
    return [name or int(index) for name, index in _STEPS.findall(param)]


def _without(value: Any, path: Sequence[str | int]) -> Any:
    step, *rest = path
    if isinstance(value, list):
        return [_without(member, rest) if index == step else member for index, member in enumerate(value)]
    if rest:
        return {name: _without(inner, rest) if name == step else inner for name, inner in value.items()}
    return {name: inner for name, inner in value.items() if name != step}
