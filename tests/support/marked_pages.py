"""Text in a page between `<!-- name -->` and `<!-- end -->`, which a command writes anew."""

from __future__ import annotations

import re
from pathlib import Path


def write_marked(page: Path, name: str, text: str) -> None:
    """Replace what stands between the marks. Raises `ValueError` where the page has none."""
    before = page.read_text(encoding="utf-8")
    pattern = rf"(<!-- {re.escape(name)} -->\n)(?:.*?\n)??(<!-- end -->)"
    after, count = re.subn(pattern, lambda match: f"{match[1]}\n{text.strip()}\n\n{match[2]}", before, flags=re.DOTALL)
    if count != 1:
        raise ValueError(f"{page} has {count} places marked `<!-- {name} -->` with an `<!-- end -->`, not one")
    page.write_text(after, encoding="utf-8")
