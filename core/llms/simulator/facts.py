"""Plain answers to plain questions: what was said before, small sums, exact words, counting.

Each function answers or returns None. No randomness, no clock.
"""

from __future__ import annotations

import re

_FACT = re.compile(
    r"\b(?:my|the|our)\s+([a-z][a-z _-]{1,40}?)\s+(?:is|are|was|=)\s+(?:called\s+|named\s+)?([^\n.!?;]+)", re.IGNORECASE
)
_QUESTION = re.compile(
    r"\b(?:what(?:'s|’s| is| are| was)|tell me|remember|recall|which is|who(?:'s| is))"
    r"\s+(?:my|the|our)\s+([a-z][a-z _-]{1,40}?)\s*[?.!]?\s*$",
    re.IGNORECASE,
)
_AGE = re.compile(r"\bI(?:'m| am)\s+(\d{1,3})(?:\s+years?\s+old)?\b", re.IGNORECASE)
_NAME = re.compile(r"\b(?:I(?:'m| am)|call me|this is)\s+([A-Z][\w-]+(?: [A-Z][\w-]+)?)")
_HOME = re.compile(r"\bI(?:'m| am)? (?:live|from|live in|based)\s*(?:in|from)?\s+([A-Z][\w-]+(?:,? [A-Z][\w-]+)?)")
_EXACT = re.compile(
    r"\b(?:say|reply|answer|respond|repeat|output|print|write)\b(?:\s+(?:me|with|only|just|exactly|the|word|words|text|after|following|back))*\s*(?::\s*|(?=[\"“'`]))[\"“'`]?(.+?)[\"”'`]?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_EXACT_SHORT = re.compile(
    r"\b(?:say|reply with|answer with|respond with|repeat)\s+(?:only |just |exactly )*(?:the words? )?"
    r"[\"“'`]?([\w' -]{1,40}?)[\"”'`]?[.!]?\s*$",
    re.IGNORECASE,
)
_SUM = re.compile(
    r"(-?\d+(?:\.\d+)?)\s*(\+|-|−|\*|x|×|/|÷|plus|minus|times|multiplied by|divided by)\s*(-?\d+(?:\.\d+)?)"
)
_COUNT = re.compile(r"\bcount\s+(?:from\s+(\d+)\s+)?(?:up\s+)?to\s+(\d+)", re.IGNORECASE)
_WORDS = re.compile(r"\b(\d{1,5})[ -]words?\b", re.IGNORECASE)
_FILLER_WORDS = "the quick brown fox jumps over the lazy dog while a patient owl watches from an old oak".split()  # noqa: SIM905  # prose reads as prose
_LONGEST_COUNT = 10_000


def recalled_fact(question: str, earlier: list[str]) -> str | None:
    """The answer to a question such as `What is my name?` from what was said before."""
    asked = _QUESTION.search(question.strip())
    if asked is None:
        return None
    wanted = _plain(asked.group(1))
    for text in reversed(earlier):
        for subject, value in _stated_facts(text):
            if subject == wanted or (len(wanted) > 3 and (wanted in subject or subject in wanted)):
                return f"Your {subject} is {value}."
    return None


def _stated_facts(text: str) -> list[tuple[str, str]]:
    facts = [(_plain(match.group(1)), match.group(2).strip()) for match in _FACT.finditer(text)]
    facts += [("age", match.group(1)) for match in _AGE.finditer(text)]
    facts += [("name", match.group(1)) for match in _NAME.finditer(text)]
    facts += [("home", match.group(1)) for match in _HOME.finditer(text)]
    return [(subject, re.split(r"\s+(?:and|but)\s+(?:I|my|the)\b", value)[0].rstrip(",")) for subject, value in facts]


def _plain(subject: str) -> str:
    return re.sub(r"^(?:favou?rite)\b", "favourite", subject.strip().lower())


def requested_words(question: str) -> str | None:
    """The words the user asks to be said exactly."""
    match = _EXACT.search(question.strip()) or _EXACT_SHORT.search(question.strip())
    return match.group(1).strip() if match is not None else None


def computed_sum(question: str) -> int | float | None:
    """The value of the first sum of two numbers in the question."""
    match = _SUM.search(question)
    if match is None:
        return None
    left, right = float(match.group(1)), float(match.group(3))
    match match.group(2):
        case "+" | "plus":
            value = left + right
        case "-" | "−" | "minus":
            value = left - right
        case "/" | "÷" | "divided by":
            if right == 0:
                return None
            value = left / right
        case _:
            value = left * right
    return int(value) if value.is_integer() else round(value, 6)


def counted(question: str) -> str | None:
    """The numbers asked for by `count to 5` or `count from 2 to 9`."""
    match = _COUNT.search(question)
    if match is None:
        return None
    first, last = int(match.group(1) or 1), int(match.group(2))
    return ", ".join(str(number) for number in range(first, min(last, first + _LONGEST_COUNT) + 1))


def prose(question: str) -> str | None:
    """A text of as many words as `100 words` asks for."""
    match = _WORDS.search(question)
    if match is None:
        return None
    return " ".join(_FILLER_WORDS[index % len(_FILLER_WORDS)] for index in range(int(match.group(1))))
