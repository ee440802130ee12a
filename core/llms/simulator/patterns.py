"""A string that matches a regular expression, for the simple expressions JSON schemas use.

Literals, classes, groups, alternatives, repetition and anchors; where an expression is beyond that, nothing.
"""

from __future__ import annotations

import re

_CLASS_SAMPLES = {"d": "0", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a"}
_REPETITION = re.compile(r"\{(\d+)(?:,\d*)?\}")


class _UnsupportedError(Exception):
    """The expression uses more than is generated here."""


def sample_of(pattern: str, minimum_length: int = 0) -> str | None:
    """A text that `pattern` finds a match in, at least so long where possible; None where none could be made."""
    for repeats in (1, 2, 3, max(1, minimum_length)):
        try:
            sample = _Generator(pattern, repeats).alternatives()
            if len(sample) >= minimum_length and re.search(pattern, sample):
                return sample
        except (_UnsupportedError, re.error, IndexError):
            return None
    return None


class _Generator:
    def __init__(self, pattern: str, repeats: int) -> None:
        self._pattern = pattern
        self._position = 0
        self._repeats = repeats

    def alternatives(self) -> str:
        """The first alternative up to the end or the closing parenthesis; the others are skipped."""
        first = self._sequence()
        while self._peek() == "|":
            self._position += 1
            self._sequence()
        return first

    def _sequence(self) -> str:
        produced = []
        while (character := self._peek()) and character not in "|)":
            produced.append(self._repeated(self._atom()))
        return "".join(produced)

    def _atom(self) -> str:
        character = self._take()
        match character:
            case "^" | "$":
                return ""
            case ".":
                return "a"
            case "\\":
                return self._escape()
            case "[":
                return self._character_class()
            case "(":
                return self._group()
            case _:
                return character

    def _escape(self) -> str:
        character = self._take()
        if character in "bB":
            return ""
        if character.isdigit():
            raise _UnsupportedError
        return _CLASS_SAMPLES.get(character, {"n": "\n", "t": "\t"}.get(character, character))

    def _group(self) -> str:
        if self._pattern.startswith("?:", self._position):
            self._position += 2
        elif self._peek() == "?":
            raise _UnsupportedError
        inside = self.alternatives()
        self._position += 1
        return inside

    def _character_class(self) -> str:
        end = self._position + 1
        while self._pattern[end] != "]" or self._pattern[end - 1] == "\\":
            end += 1
        expression = re.compile(self._pattern[self._position - 1 : end + 1])
        self._position = end + 1
        candidates = "aA0" + "".join(map(chr, range(33, 127))) + " "
        found = next((candidate for candidate in candidates if expression.fullmatch(candidate)), None)
        if found is None:
            raise _UnsupportedError
        return found

    def _repeated(self, atom: str) -> str:
        character = self._peek()
        counted = _REPETITION.match(self._pattern, self._position)
        if counted is not None:
            self._position = counted.end()
            open_ended = counted.group().endswith(",}")
            return atom * max(int(counted.group(1)), self._repeats if open_ended else 0)
        if character in ("*", "+"):
            self._position += 1
            return atom * self._repeats
        if character == "?":
            self._position += 1
            return ""
        return atom

    def _peek(self) -> str:
        return self._pattern[self._position] if self._position < len(self._pattern) else ""

    def _take(self) -> str:
        character = self._pattern[self._position]
        self._position += 1
        return character
