"""What the pages say of every provider is what the code says now, and every provider's page has the same parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.llms.cli.marked_text import remake
from core.llms.cli.providers.features import make_marked
from core.llms.create import list_providers
from tests.docs.code_blocks import PAGES, ROOT

MARK = "<!-- core-llms providers"
MARKED = [page for page in PAGES if re.search(f"^{MARK}", page.read_text(encoding="utf-8"), re.MULTILINE)]
PROVIDER_PAGES = [ROOT / "docs" / "providers" / f"{provider}.md" for provider in list_providers()]
PARTS = ("Credentials", "Models", "What is supported", "What is different")


@pytest.mark.parametrize("page", MARKED, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_tables_are_those_that_the_code_makes(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert remake(text, make_marked) == text, "write it anew with `make tables`"


def test_pages_that_must_have_tables_have_them() -> None:
    assert {ROOT / "README.md", ROOT / "docs" / "features.md", *PROVIDER_PAGES} == set(MARKED)


@pytest.mark.parametrize("page", PROVIDER_PAGES, ids=lambda page: page.stem)
def test_provider_s_page_has_a_first_call_and_every_part(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    beginning, *_ = text.split("\n## ")
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)

    assert f"create_{page.stem}_llm(" in beginning
    assert [heading for heading in headings if heading in PARTS] == list(PARTS)
    assert f"{MARK} {page.stem} -->" in text
