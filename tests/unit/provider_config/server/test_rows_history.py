"""What parameters and templates were, by themselves: listed, compared and gone back to over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.unit.provider_config.server.conftest import ONE, NewClient, problem_of

ROWS = pytest.mark.parametrize(
    ("address", "field", "values"),
    [
        ("/v1/parameters/calm", "temperature", (0.2, 0.5, 0.9)),
        ("/v1/prompt-templates/plain", "system_prompt", ("Be brief.", "Be kind.", "Be exact.")),
    ],
    ids=["parameters", "prompt templates"],
)


async def change(client: httpx.AsyncClient, address: str, field: str, values: tuple[Any, ...]) -> None:
    for value in values[1:]:
        answer = await client.patch(address, json={field: value}, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text


@ROWS
async def test_revisions_of_a_row_are_listed_one_by_one_and_compared(
    registered: httpx.AsyncClient, address: str, field: str, values: tuple[Any, ...]
) -> None:
    await change(registered, address, field, values)
    page = (await registered.get(f"{address}/revisions?limit=2")).json()
    assert [(one["number"], one["content"][field]) for one in page["items"]] == [(3, values[2]), (2, values[1])]
    assert [one["number"] for one in (await registered.get(page["next"])).json()["items"]] == [1]
    second = await registered.get(f"{address}/revisions/2")
    assert second.json() == page["items"][1]
    assert (await registered.get(second.url, headers={"If-None-Match": second.headers["etag"]})).status_code == 304
    newest = {"older": 1, "newer": None, "changes": [{"field": field, "before": values[0], "after": values[2]}]}
    assert (await registered.get(f"{address}/revisions/1/diff")).json() == newest
    between = {"older": 3, "newer": 2, "changes": [{"field": field, "before": values[2], "after": values[1]}]}
    assert (await registered.get(f"{address}/revisions/3/diff?to=2")).json() == between
    for missing in ("revisions/4", "revisions/4/diff", "revisions/1/diff?to=9"):
        assert problem_of(await registered.get(f"{address}/{missing}")) == (404, "not-found")
    assert problem_of(await registered.get(f"{address}-not/revisions")) == (404, "not-found")


@ROWS
async def test_a_row_goes_back_for_all_that_use_it_unless_the_caller_is_stale(
    registered: httpx.AsyncClient, address: str, field: str, values: tuple[Any, ...]
) -> None:
    await change(registered, address, field, values)
    stale = await registered.post(f"{address}/revisions/1/rollback", headers={"If-Match": '"2"'})
    assert problem_of(stale) == (412, "stale")
    assert stale.json()["changes"] == [{"field": field, "before": values[1], "after": values[2]}]
    back = await registered.post(f"{address}/revisions/1/rollback", headers={"If-Match": '"3"'})
    assert (back.status_code, back.json()["version"], back.json()[field]) == (200, 4, values[0])
    assert back.headers["etag"] == (await registered.get(address)).headers["etag"]
    used = (await registered.get(ONE)).json()
    assert values[0] in (used["parameters"][field] if field in used["parameters"] else used["prompt_template"][field],)
    assert problem_of(await registered.post(f"{address}/revisions/9/rollback")) == (404, "not-found")


@ROWS
async def test_a_row_that_was_deleted_comes_back(
    registered: httpx.AsyncClient, address: str, field: str, values: tuple[Any, ...]
) -> None:
    assert (await registered.delete(ONE, headers={"If-Match": "*"})).status_code == 204
    assert (await registered.delete(address, headers={"If-Match": "*"})).status_code == 204
    assert (await registered.get(f"{address}/revisions/1/diff")).json()["changes"]
    back = await registered.post(f"{address}/revisions/1/rollback")
    assert (back.status_code, back.json()[field]) == (200, values[0])
    assert (await registered.get(address)).json()[field] == values[0]


@ROWS
async def test_who_may_not_see_a_row_is_told_nothing_of_its_version(
    registered: httpx.AsyncClient, new_client: NewClient, address: str, field: str, values: tuple[Any, ...]
) -> None:
    await change(registered, address, field, values)
    stranger = await new_client("eve")
    for back in (f"{address}/revisions/1/rollback", f"{ONE}/revisions/1/rollback"):
        answer = await stranger.post(back, headers={"If-Match": '"1"'})
        assert problem_of(answer) == (403, "access-denied")
