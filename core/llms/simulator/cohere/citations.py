"""Citations: the longest run of words that an answer shares with each source, at its place in the answer."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.llms.simulator.cohere.prompts import Source

_WORD = re.compile(r"[^\s\"'“”‘’(),;:!?\[\]{}]+")
_FEWEST_CHARACTERS = 4
_OFF = ("OFF", "DISABLED")


@dataclass(frozen=True, slots=True)
class Citation:
    """The characters of the answer from `start` to `end`, and what they are taken from."""

    start: int
    end: int
    text: str
    sources: tuple[Source, ...]

    def to_json(self, content_index: int) -> dict[str, Any]:
        """The citation as the vendor has it: the index of the text is left out where it is the first block."""
        whole = {
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "sources": [source.to_json() for source in self.sources],
            "type": "TEXT_CONTENT",
        }
        return {**whole, "content_index": content_index} if content_index else whole


def find_citations(body: dict[str, Any], text: str, sources: Sequence[Source]) -> tuple[Citation, ...]:
    """One citation for each stretch of the answer that stands in a source, in the order of the answer."""
    if (body.get("citation_options") or {}).get("mode") in _OFF:
        return ()
    found: dict[tuple[int, int], list[Source]] = {}
    for source in sources:
        stretch = _shared_stretch(text, source.text)
        if stretch is not None:
            found.setdefault(stretch, []).append(source)
    return tuple(
        Citation(start, end, text[start:end], tuple(cited)) for (start, end), cited in sorted(found.items(), key=_place)
    )


def _place(entry: tuple[tuple[int, int], list[Source]]) -> tuple[int, int]:
    return entry[0]


def _shared_stretch(answer: str, source: str) -> tuple[int, int] | None:
    words = list(_WORD.finditer(answer))
    spoken = [word.group().lower() for word in words]
    known = [word.group().lower() for word in _WORD.finditer(source)]
    match = difflib.SequenceMatcher(None, spoken, known, autojunk=False).find_longest_match()
    if not match.size:
        return None
    start, end = words[match.a].start(), words[match.a + match.size - 1].end()
    is_telling = end - start >= _FEWEST_CHARACTERS or any(character.isdigit() for character in answer[start:end])
    return (start, end) if is_telling else None
