"""What servers lack of chat completions: how a refusal tells it, and what is sent instead. No I/O.

Only what the answer does not hang on is here. A sampling parameter, `n`, `stop` or tools that a server refuses stay an
error, for without them it would be the answer to another question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Any, Final

from core.llms.errors import APIError, ContentFilterError, ContextLengthExceededError
from core.llms.providers.base.learning.rewriting import (
    ask_for_json,
    drop_auto_tool_choice,
    drop_field,
    drop_strict,
    fold_system_messages,
    loosen_json_schema,
    rename_field,
)

_REFUSING_STATUSES: Final = frozenset({400, 422, 500, 501})
REFUSING_CODES: Final = frozenset({"unsupported_parameter", "unknown_parameter", "unsupported_value"})
_UNKNOWN: Final = (
    r"unknown|unrecogni[sz]ed|unexpected (?:keyword|field|parameter|property|argument)|extra (?:inputs|fields)"
    r"|additional propert|no such (?:field|parameter)"
)
LACKS: Final = (
    _UNKNOWN
    + r"|unsupported|not? (?:\w+ )?(?:support(?:ed)?|permitted|allowed|available|implemented)|n't support(?:ed)?"
    r"|unavailable"
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """One thing that a server lacks.

    `field` is the key of the body that is changed, left alone where `provider_options` set it. `names` are the words by
    which an error names what it refuses, `lacks` the words that say that it does. `rewrite` changes a body whose
    nested values are shared, and says whether there was anything to change.
    """

    field: str
    names: tuple[str, ...]
    rewrite: Callable[[dict[str, Any]], bool]
    warning: str
    lacks: str = LACKS

    def place_in(self, error: APIError) -> int | None:
        """Return where the error names this (0 where its `param` does), or None where it does not refuse it."""
        message = error.message.lower()
        if error.code not in REFUSING_CODES and not re.search(self.lacks, message):
            return None
        pattern = rf"(?<!\w)(?:{'|'.join(self.names)})(?!\w)"
        if error.param and re.search(pattern, error.param.lower()):
            return 0
        found = re.search(pattern, message)
        return found and found.start() + 1


def _without(field: str, consequence: str) -> Lesson:
    return Lesson(
        field,
        (field,),
        lambda body: drop_field(body, field),
        f"`{field}` was left out: the server lacks it{consequence}",
    )


# In the order in which they are applied: what is put into system messages comes before these are rewritten.
LESSONS: Final = (
    _without("stream_options", ", so a stream may say nothing of its usage"),
    Lesson(
        "max_tokens",
        ("max_tokens",),
        lambda body: rename_field(body, "max_tokens", "max_completion_tokens"),
        "`max_tokens` went out as `max_completion_tokens`: the server takes no other",
        lacks=_UNKNOWN + r"|max_completion_tokens",
    ),
    Lesson(
        "response_format",
        ("json_schema", r"response_format(?:\.type)?", "structured outputs?"),
        loosen_json_schema,
        "the JSON schema of the answer went into the prompt: the server does not enforce one",
        lacks=LACKS + r"|type.{0,3} must be",
    ),
    Lesson(
        "response_format",
        ("json_object", r"response_format(?:\.type)?", "json mode"),
        ask_for_json,
        "`response_format` was left out, and the prompt asks for JSON: the server does not enforce it",
        lacks=LACKS + r"|type.{0,3} must be",
    ),
    Lesson("tools", ("strict",), drop_strict, "`strict` was left out: the server lacks it"),
    Lesson(
        "tool_choice",
        ("tool_choice",),
        drop_auto_tool_choice,
        "`tool_choice` was left out: `auto` is the server's default",
    ),
    _without("parallel_tool_calls", ", so there may be one call at a time or several"),
    _without("reasoning_effort", ", so the model reasons as much as it will"),
    _without("verbosity", ""),
    _without("seed", ", so the same call may be answered otherwise"),
    _without("service_tier", ""),
    _without("store", ""),
    _without("metadata", ""),
    _without("prompt_cache_key", ""),
    _without("prompt_cache_retention", ""),
    _without("safety_identifier", ""),
    Lesson(
        "messages",
        (
            r"system[\"'`]? (?:role|message|prompt)s?",
            r"role.{0,4}system",
            r"support.{0,2}system",
            "only user and (?:assistant|model)",
        ),
        fold_system_messages,
        "system messages went into the user's: the server has no such role",
        lacks=LACKS + "|only user",
    ),
)


def find_lesson(error: APIError, body: Mapping[str, Any], untouchable: Set[str], learned: Set[Lesson]) -> Lesson | None:
    """Return what the refusal of this body teaches: of all that it names, what it names first."""
    if error.status not in _REFUSING_STATUSES or isinstance(error, ContextLengthExceededError | ContentFilterError):
        return None
    if "schema for response_format" in error.message.lower():
        return None  # the schema itself is wrong, which is no lack of the server's
    told: list[tuple[int, int]] = []
    for number, lesson in enumerate(LESSONS):
        if lesson in learned or lesson.field in untouchable or not lesson.rewrite(dict(body)):
            continue
        place = lesson.place_in(error)
        if place is not None:
            told.append((place, number))
    return LESSONS[min(told)[1]] if told else None
