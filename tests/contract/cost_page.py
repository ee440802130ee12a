"""What `docs/prices.md` says of the comparison with genai-prices, made from the comparison itself.

`python -m tests.contract.cost_page docs/prices.md` writes the page anew; `make tables` does so too.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from core.llms.catalog.assembly.names import GENAI_PRICES
from core.llms.catalog.store import load_provider
from tests.contract.cost_cases import Difference, compare, find_models, price_foreign, walk_cases
from tests.contract.cost_rules import render_tables

PAGE: Final = Path(__file__).parents[2] / "docs" / "prices.md"
_MARKED: Final = re.compile(
    r"^(?P<mark><!-- python -m tests.contract.cost_page (?P<part>\w+) -->\n)(?P<made>.*?)^(?P<end><!-- end -->)$",
    re.MULTILINE | re.DOTALL,
)


@cache
def find_differences() -> tuple[Difference, ...]:
    """Compare every usage of every model, and keep what costs differently."""
    found = (compare(model, usage, moment) for model, usage, moment in walk_cases())
    return tuple(difference for difference in found if difference is not None)


@cache
def render_figures() -> str:
    """Say how many usages were compared, and what came of it."""
    compared = sum(price_foreign(*case) is not None for case in walk_cases())
    unknown = sum(found.ours is None for found in find_differences())
    other = len(find_differences()) - unknown
    return (
        f"With genai-prices {version('genai-prices')} and a catalogue built from its list of {_listed_on()},"
        f" {compared:,} usages of {len(find_models()):,}\nmodels were compared: {compared - unknown - other:,} cost the"
        f" same, for {unknown:,} a price is not known here, and {other:,} cost\nsomething else."
    )


def _listed_on() -> date:
    """Return the day of the list of genai-prices that the catalogue was built from."""
    sources = (load_provider(provider).sources.get("g") for provider in GENAI_PRICES)
    return max(source.read_on for source in sources if source is not None)


def render_page(page: str) -> str:
    """Return the page with all between its marks made anew. Raises KeyError for a mark of another name."""
    parts: dict[str, Callable[[], str]] = {"differences": render_tables, "figures": render_figures}
    return _MARKED.sub(lambda found: f"{found['mark']}{parts[found['part']]()}\n{found['end']}", page)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(render_page(path.read_text(encoding="utf-8")), encoding="utf-8")
