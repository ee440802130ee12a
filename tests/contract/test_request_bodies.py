"""What we send is what the vendor's SDK sends for the same call, field by field, save for the differences listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.contract.calls import Call, create_our_llm, create_their_client
from tests.contract.capture import Captured, capturing
from tests.contract.chat_calls import CHAT_CALLS
from tests.contract.differences import DIFFERENCES
from tests.contract.other_calls import OTHER_CALLS
from tests.contract.responses_calls import RESPONSES_CALLS

CALLS = (*CHAT_CALLS, *RESPONSES_CALLS, *OTHER_CALLS)
PAGE = Path(__file__).parents[2] / "docs" / "wire-differences.md"


async def send_both(call: Call) -> tuple[Captured, Captured]:
    """Make a call with the vendor's SDK and with ours, and return what each sent."""
    async with capturing() as capture:
        async with create_their_client(call, capture.url) as client:
            await call.theirs(client)
        theirs = capture.take()
        async with create_our_llm(call, capture.url) as llm:
            await call.ours(llm)
        return theirs, capture.take()


def find_differences(theirs: Captured, ours: Captured) -> dict[str, Any]:
    """Each place where the two differ, with both values; None where one has nothing."""
    expected, found = theirs.fields(), ours.fields()
    places = sorted({*expected, *found})
    return {
        place: (expected.get(place), found.get(place)) for place in places if expected.get(place) != found.get(place)
    }


@pytest.mark.parametrize("call", CALLS, ids=[call.name for call in CALLS])
async def test_request_is_the_vendors_but_for_the_listed_differences(call: Call) -> None:
    differences = find_differences(*await send_both(call))
    listed = DIFFERENCES.get(call.name, {})
    unlisted = {place: values for place, values in differences.items() if place not in listed}
    assert not unlisted, f"differences (theirs, ours) that are not in tests/contract/differences.py: {unlisted}"
    assert set(listed) == set(differences), f"listed, but there no more: {set(listed) - set(differences)}"


def test_listed_differences_are_of_known_calls_with_names_of_their_own() -> None:
    names = [call.name for call in CALLS]
    assert len(set(names)) == len(names)
    assert set(DIFFERENCES) <= set(names)


def test_page_explains_every_listed_difference() -> None:
    page = " ".join(PAGE.read_text().split())
    reasons = {reason for places in DIFFERENCES.values() for reason in places.values()}
    assert {reason for reason in reasons if reason not in page} == set()


@pytest.mark.parametrize(
    ("ours", "theirs", "places"),
    [
        ({"a": 1}, {"a": 1.0}, ["body.a"]),
        ({"a": [1, 2]}, {"a": [2, 1]}, ["body.a[0]", "body.a[1]"]),
        ({"a": {}}, {"a": None}, ["body.a"]),
        ({"a": {"b": True}}, {}, ["body", "body.a.b"]),
    ],
)
def test_comparison_sees_types_order_and_emptiness(ours: Any, theirs: Any, places: list[str]) -> None:
    first, second = (Captured("POST", "/x", {}, {}, body) for body in (theirs, ours))
    assert list(find_differences(first, second)) == places
