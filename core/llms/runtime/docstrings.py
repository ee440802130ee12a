"""What a function's docstring says to a model: its first paragraph, and a line for each parameter.

Reads the Google, NumPy and reST styles. Nothing here looks at signatures or types.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

_GOOGLE_HEADER: Final = re.compile(r"(Args|Arguments|Parameters|Params|Keyword Args|Keyword Arguments):\s*$")
_GOOGLE_ENTRY: Final = re.compile(r"\*{0,2}(\w+)\s*(?:\([^)]*\))?\s*:\s*(.*)$")
_NUMPY_ENTRY: Final = re.compile(r"(\*{0,2}\w+(?:\s*,\s*\*{0,2}\w+)*)\s*(?::.*)?$")
_REST_ENTRY: Final = re.compile(r":(?:param|parameter|arg|argument|key|keyword)\s+(?:[^:]*\s)?\*{0,2}(\w+)\s*:\s*(.*)$")
_REST_FIELD: Final = re.compile(r":\w[^:]*:(\s|$)")
_SECTION: Final = re.compile(r"[A-Z]\w*(?: \w+)?:\s*$")
_UNDERLINE: Final = re.compile(r"-{3,}\s*$")


@dataclass(frozen=True, slots=True)
class Docstring:
    """A docstring's first paragraph, on one line, and its parameters' descriptions."""

    summary: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)


def read_docstring(text: str | None) -> Docstring:
    """Read a docstring. One in none of the three styles has a summary only."""
    if not text or not text.strip():
        return Docstring()
    lines = inspect.cleandoc(text).splitlines()
    parameters: dict[str, list[str]] = {}
    for read in (_read_google, _read_numpy, _read_rest):
        for name, words in read(lines):
            parameters.setdefault(name, []).extend(words)
    joined = {name: " ".join(" ".join(words).split()) for name, words in parameters.items()}
    return Docstring(_read_summary(lines), {name: words for name, words in joined.items() if words})


def _read_summary(lines: list[str]) -> str | None:
    paragraph: list[str] = []
    for index, line in enumerate(lines):
        begins_section = _SECTION.match(line) or _REST_FIELD.match(line) or _is_underlined(lines, index)
        if not line.strip() or begins_section:
            break
        paragraph.append(line.strip())
    return " ".join(paragraph) or None


def _is_underlined(lines: list[str], index: int) -> bool:
    return index + 1 < len(lines) and bool(_UNDERLINE.match(lines[index + 1]))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


Entries = Iterable[tuple[str, list[str]]]


def _read_google(lines: list[str]) -> Entries:
    for index, line in enumerate(lines):
        if _GOOGLE_HEADER.match(line):
            block = _take_indented(lines[index + 1 :], 0, across_blanks=True)
            yield from _read_entries(block, min((_indent(line) for line in block if line.strip()), default=0))


def _read_entries(block: list[str], level: int) -> Entries:
    name: str | None = None
    words: list[str] = []
    for line in block:
        entry = _GOOGLE_ENTRY.match(line.strip()) if line.strip() and _indent(line) == level else None
        if entry:
            if name is not None:
                yield name, words
            name, words = entry[1], [entry[2]]
        else:
            words.append(line.strip())
    if name is not None:
        yield name, words


def _read_numpy(lines: list[str]) -> Entries:
    for index, line in enumerate(lines):
        if line.strip() not in ("Parameters", "Other Parameters") or not _is_underlined(lines, index):
            continue
        rest = lines[index + 2 :]
        end = next((place for place in range(len(rest)) if _is_underlined(rest, place)), len(rest))
        names: list[str] = []
        for entry in rest[:end]:
            found = _NUMPY_ENTRY.match(entry) if entry.strip() and _indent(entry) == 0 else None
            if found:
                names = [name.strip().lstrip("*") for name in found[1].split(",")]
            else:
                yield from ((name, [entry.strip()]) for name in names)


def _read_rest(lines: list[str]) -> Entries:
    for index, line in enumerate(lines):
        if found := _REST_ENTRY.match(line.strip()):
            following = _take_indented(lines[index + 1 :], _indent(line), across_blanks=False)
            yield found[1], [found[2], *following]


def _take_indented(lines: list[str], level: int, *, across_blanks: bool) -> list[str]:
    """Return the lines up to the first that is not indented deeper than `level`."""
    taken: list[str] = []
    for line in lines:
        is_inside = _indent(line) > level if line.strip() else across_blanks
        if not is_inside:
            break
        taken.append(line)
    return taken
