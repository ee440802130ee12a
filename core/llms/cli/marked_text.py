"""Text between marks in a file, made by the command that a mark names: finding it, and writing it anew.

A mark is a line `<!-- core-llms providers … -->`, and what it made ends at the line `<!-- end -->`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_MARKED: Final = re.compile(
    r"^(?P<mark><!-- core-llms providers(?P<arguments>[^\n]*?) -->\n)(?P<made>.*?)^(?P<end><!-- end -->)$",
    re.MULTILINE | re.DOTALL,
)


def remake(text: str, make: Callable[[list[str]], str]) -> str:
    """Return the text with what `make` gives for each mark's arguments. Raises `ValueError` where there is no mark."""

    def replaced(match: re.Match[str]) -> str:
        return f"{match['mark']}\n{make(match['arguments'].split())}\n{match['end']}"

    if not _MARKED.search(text):
        raise ValueError("no mark `<!-- core-llms providers … -->` with its `<!-- end -->`")
    return _MARKED.sub(replaced, text)
