"""What is right by each fault, the same for every library, and how an ending is judged by it.

An ending is right where it is the right answer or an error of the library's own that does not say what is not so, in
the time that the caller gave and at most a second more; what the machine held the event loop up does not count. A
library that has no class for a thing is not blamed for a wider one: `APIConnectionError` stands for all that happens to
a connection, and any own error that is neither a time limit nor a rate limit for an answer that is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["connection", "timeout", "rate limit", "vendor", "answer that is none"]

_INTERRUPTED = frozenset({"StreamInterruptedError", "MidStreamFallbackError"})
_TIMEOUT = frozenset({"LLMTimeoutError", "APITimeoutError", "Timeout"})
_RATE_LIMIT = frozenset({"RateLimitError"})
CLASSES: Mapping[Kind, frozenset[str]] = {
    "connection": _INTERRUPTED | {"ConnectError", "ConnectionLostError", "APIConnectionError"},
    "timeout": _INTERRUPTED | _TIMEOUT,
    "rate limit": _RATE_LIMIT,
    "vendor": _INTERRUPTED | {"APIError"},
}
GRACE_SECONDS = 1.0


@dataclass(frozen=True)
class Right:
    """What is right: the answer, errors of these kinds, or either. `words` say it to a reader."""

    words: str
    kinds: tuple[Kind, ...] = ()
    answer: bool = False
    requests: int | None = None
    least_wait_seconds: float = 0.0
    most_grown_mebibytes: float = 1e9
    asks_elsewhere: bool = False


@dataclass(frozen=True)
class Seen:
    """How a library's call ended, and what its server saw of it."""

    ending: Mapping[str, Any]
    answer: str
    requests: int
    waited_seconds: float
    asked_elsewhere: bool
    timeout_seconds: float


ANSWER = Right("the answer", answer=True)
CONNECTION = Right("a connection error", ("connection",))
NO_CONNECTION = Right("a connection error or a time limit", ("connection", "timeout"))
CUT = Right("an error: the answer is not whole", ("connection", "answer that is none"))
TIMEOUT = Right("a time limit, in time", ("timeout",))
VENDOR = Right("the vendor's error", ("vendor",))
NONE = Right("an error: it is no answer", ("answer that is none",))
EITHER = Right("the answer or an error", ("answer that is none",), answer=True)

RIGHT: Mapping[int, Right] = {
    1: CONNECTION, 2: NO_CONNECTION, 3: CONNECTION, 4: NO_CONNECTION, 5: ANSWER, 6: CONNECTION, 7: CONNECTION,
    8: CONNECTION, 9: TIMEOUT, 10: CONNECTION, 11: CONNECTION, 12: CUT, 13: CUT, 14: CUT, 15: CUT, 16: ANSWER,
    17: TIMEOUT, 18: TIMEOUT,
    19: Right("the answer, after the wait", answer=True, least_wait_seconds=1.0),
    20: Right("the answer, after the wait", answer=True, least_wait_seconds=0.15),
    21: Right("the answer, after the wait", answer=True, least_wait_seconds=0.15),
    22: Right("the answer, after the wait", answer=True, least_wait_seconds=1.8),
    23: ANSWER,
    24: Right("the rate limit, not asked again", ("rate limit",), requests=1),
    25: ANSWER,
    26: Right("the rate limit, not asked again", ("rate limit",), requests=1),
    27: VENDOR, 28: VENDOR, 29: NONE, 30: VENDOR, 31: NONE,
    32: Right("an error; the other origin is not asked", ("connection", "answer that is none")),
    33: Right("an error", ("connection", "answer that is none")),
    34: Right("an error", ("connection", "vendor")),
    35: EITHER, 36: ANSWER,
    37: Right("an error, in less than 300 MiB", ("answer that is none", "timeout"), most_grown_mebibytes=300),
    38: NONE, 39: ANSWER, 40: EITHER, 41: EITHER, 42: NONE, 43: ANSWER, 44: NONE, 45: EITHER, 46: CUT, 47: EITHER,
    48: TIMEOUT, 49: TIMEOUT, 50: NONE, 51: VENDOR, 52: EITHER,
}  # fmt: skip


def judge(right: Right, seen: Seen) -> str:
    """Say how an ending is: `right`, or what is wrong with it."""
    ending = seen.ending
    if "hung" in ending:
        return "hang"
    if "crashed" in ending:
        return "crash"
    verdict = _judge_texts(right, seen) if "texts" in ending else _judge_error(right, ending)
    if verdict != "right":
        return verdict
    if seen.asked_elsewhere:
        return "followed"
    if right.requests is not None and seen.requests != right.requests:
        return f"asked {seen.requests} times"
    if seen.waited_seconds < right.least_wait_seconds:
        return "did not wait"
    if ending["grown_mebibytes"] > right.most_grown_mebibytes:
        return f"took {ending['grown_mebibytes']:.0f} MiB"
    late = ending["seconds"] > seen.timeout_seconds + GRACE_SECONDS
    return f"late ({ending['seconds']:.1f} s)" if late else "right"


def _judge_texts(right: Right, seen: Seen) -> str:
    is_answer = all(text == seen.answer for text in seen.ending["texts"])
    if seen.asked_elsewhere:
        return "followed"
    return "right" if right.answer and is_answer else "wrong answer"


def _judge_error(right: Right, ending: Mapping[str, Any]) -> str:
    if not ending["own"]:
        return f"foreign error ({ending['name']})"
    return "right" if any(_is_of(kind, set(ending["classes"])) for kind in right.kinds) else f"wrong: {ending['name']}"


def _is_of(kind: Kind, classes: set[str]) -> bool:
    if kind == "answer that is none":
        return bool(classes & _INTERRUPTED) or not classes & (_TIMEOUT | _RATE_LIMIT)
    if kind == "vendor" and classes & _INTERRUPTED == set():
        return "APIError" in classes and not classes & {"APIConnectionError"}
    return bool(classes & CLASSES[kind])
