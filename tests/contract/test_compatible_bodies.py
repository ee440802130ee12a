"""What we send to vendors that speak OpenAI's wires is what their SDK sends, save for the differences listed.

There is a table for each vendor in `compatible/`. Each reason is an entry of the vendor's page, word for word.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

from tests.contract.compatible.framework import Call, send_both

FOLDER = Path(__file__).parent / "compatible"
PAGES = Path(__file__).parents[2] / "docs" / "providers"
MODULES = [import_module(f"tests.contract.compatible.{found.name}") for found in pkgutil.iter_modules([str(FOLDER)])]
CALLS: list[Call] = [call for module in MODULES for call in getattr(module, "CALLS", ())]


@pytest.mark.filterwarnings("ignore::core.llms.notices.UnknownModelWarning")
@pytest.mark.parametrize("call", CALLS, ids=[call.title for call in CALLS])
async def test_request_is_the_sdks_but_for_the_listed_differences(call: Call) -> None:
    theirs, ours = (captured.fields() for captured in await send_both(call))
    places = sorted({*theirs, *ours})
    found = {place: (theirs.get(place), ours.get(place)) for place in places if theirs.get(place) != ours.get(place)}
    unlisted = {place: values for place, values in found.items() if place not in call.differences}
    assert not unlisted, f"differences (theirs, ours) that are not listed: {unlisted}"
    assert set(call.differences) == set(found), "listed, but there no more"


def test_calls_have_names_of_their_own() -> None:
    titles = [call.title for call in CALLS]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("provider", sorted({call.vendor.name for call in CALLS}))
def test_page_explains_every_listed_difference(provider: str) -> None:
    page = " ".join((PAGES / f"{provider}.md").read_text(encoding="utf-8").split())
    calls = [call for call in CALLS if call.vendor.name == provider]
    assert {reason for call in calls for reason in call.differences.values() if reason not in page} == set()
