"""Registering, reading, changing and deleting configurations over HTTP, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from core.llms.provider_config.service import ProviderConfigService
from core.llms.simulator import Simulator
from tests.support.stored_settings import store_settings
from tests.unit.provider_config.server.conftest import ONE, REGISTRATION, problem_of

PARAMETERS = {"name": "calm", "max_new_tokens": 100, "temperature": 0.2}


async def test_register_answers_201_then_200_then_409(owner: httpx.AsyncClient, sim: Simulator) -> None:
    first = await owner.post("/v1/configurations", json=REGISTRATION)
    assert (first.status_code, first.headers["location"]) == (201, ONE)
    config = first.json()
    assert (config["is_active"], config["verification_status"], config["version"]) == (True, "verified", 2)
    assert first.headers["etag"].startswith('"2-')
    assert [request.path for request in sim.requests] == ["/v1/models"]
    again = await owner.post("/v1/configurations", json=REGISTRATION)
    assert (again.status_code, again.json(), again.headers["etag"]) == (200, config, first.headers["etag"])
    other = await owner.post("/v1/configurations", json={**REGISTRATION, "alias": "other"})
    assert problem_of(other) == (409, "exists")
    assert "`alias` is 'support', not 'other'" in other.json()["detail"]
    new = await owner.post("/v1/configurations", json=REGISTRATION, headers={"If-None-Match": "*"})
    assert problem_of(new) == (412, "exists-already")


async def test_of_many_registrations_at_once_one_is_new(owner: httpx.AsyncClient) -> None:
    body = {**REGISTRATION, "verify": False}
    answers = await asyncio.gather(
        *(owner.post("/v1/configurations", json=body, headers={"If-None-Match": "*"}) for _ in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 412, 412, 412, 412]


async def test_rows_that_are_stored_are_registered_by_their_names(registered: httpx.AsyncClient) -> None:
    body = {
        "provider_name": "openai", "model_id": "gpt-4.1", "parameters_name": "calm", "prompt_template_name": "plain",
        "verify": False,
    }  # fmt: skip
    answer = await registered.post("/v1/configurations", json=body)
    assert answer.status_code == 201
    assert answer.json()["parameters"]["temperature"] == 0.2
    assert answer.json()["prompt_template"]["system_prompt"] == "Be brief."
    lost = await registered.post("/v1/configurations", json={**body, "parameters_name": "nobody's"})
    assert problem_of(lost) == (404, "not-found")


async def test_what_does_not_verify_is_told_with_what_is_stored(
    owner: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEAM_KEY", "invalid-key")
    answer = await owner.post("/v1/configurations", json={**REGISTRATION, "api_key_env": "TEAM_KEY"})
    assert problem_of(answer) == (424, "verification-failed")
    stored = answer.json()["configuration"]
    assert (stored["is_active"], stored["verification_status"]) == (False, "failed")
    assert stored == (await owner.get(ONE)).json()
    monkeypatch.setenv("TEAM_KEY", "right-key")
    verified = await owner.post(f"{ONE}/verify")
    assert (verified.status_code, verified.json()["verification_status"]) == (200, "verified")


@pytest.mark.filterwarnings("ignore::core.llms.notices.UnknownModelWarning")
async def test_a_name_with_slashes_is_one_segment(owner: httpx.AsyncClient) -> None:
    body = {
        "provider_name": "groq",
        "model_id": "meta-llama/x/revisions",
        "parameters": {"name": "a/b"},
        "verify": False,
    }
    made = await owner.post("/v1/configurations", json=body)
    assert made.headers["location"] == "/v1/configurations/groq/meta-llama%2Fx%2Frevisions"
    assert (await owner.get(made.headers["location"])).json()["model_id"] == "meta-llama/x/revisions"
    assert (await owner.get(f"{made.headers['location']}/revisions")).json()["items"][0]["number"] == 1
    assert (await owner.get("/v1/parameters/a%2Fb")).json()["name"] == "a/b"


async def test_a_get_is_304_until_anything_of_the_answer_changes(registered: httpx.AsyncClient) -> None:
    read = await registered.get(ONE)
    known = {"If-None-Match": f'"x", W/{read.headers["etag"]}'}
    same = await registered.get(ONE, headers=known)
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", read.headers["etag"])
    await registered.post(f"{ONE}/verify")
    verified = await registered.get(ONE, headers=known)
    # Only when it was verified is another: the version is the same, and what is stored can still be changed by it.
    assert (verified.status_code, verified.json()["version"]) == (200, read.json()["version"])
    patched = await registered.patch(ONE, json={"description": "x"}, headers={"If-Match": read.headers["etag"]})
    assert patched.status_code == 200


async def test_a_patch_merges_and_null_takes_away(registered: httpx.AsyncClient) -> None:
    extra = {"reasoning_effort": "low", "service_tier": "default"}

    async def patch(body: dict[str, Any]) -> Any:
        etag = (await registered.get(ONE)).headers["etag"]
        answer = await registered.patch(
            ONE, json=body, headers={"If-Match": etag, "Content-Type": "application/merge-patch+json"}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    config = await patch({"description": "d", "settings": {"wire": "chat"}, "parameters": {"extra_parameters": extra}})
    assert (config["alias"], config["description"], config["settings"]) == ("support", "d", {"wire": "chat"})
    config = await patch(
        {"alias": None, "settings": {"organization": "o"}, "parameters": {"temperature": None,
         "extra_parameters": {"service_tier": None}}}
    )  # fmt: skip
    assert (config["alias"], config["description"]) == (None, "d")
    assert config["settings"] == {"wire": "chat", "organization": "o"}
    assert config["parameters"]["extra_parameters"] == {"reasoning_effort": "low"}
    assert (config["parameters"]["temperature"], config["parameters"]["max_new_tokens"]) == (None, 100)
    assert (await patch({"prompt_template": {"query_prefix": "Q:"}}))["prompt_template"] == {
        **config["prompt_template"], "query_prefix": "Q:", "version": 2,
        "updated_at": (await registered.get("/v1/prompt-templates/plain")).json()["updated_at"],
    }  # fmt: skip
    assert (await patch({"prompt_template": None, "is_active": False}))["prompt_template"] is None


async def test_a_change_needs_the_version_and_a_stale_one_is_told_what_changed(
    registered: httpx.AsyncClient,
) -> None:
    etag = (await registered.get(ONE)).headers["etag"]
    body: Any
    for method, body in (("PATCH", {"is_active": False}), ("DELETE", None)):
        assert problem_of(await registered.request(method, ONE, json=body)) == (428, "precondition-required")
    changed = await registered.patch(ONE, json={"parameters": {"temperature": 0.9}}, headers={"If-Match": etag})
    assert changed.headers["etag"].startswith('"3-')
    stale_ones: list[tuple[str, Any]] = [
        ("PATCH", {"settings": {"wire": "chat"}}),
        ("PATCH", {"alias": "x"}),
        ("DELETE", None),
    ]
    for method, body in stale_ones:
        stale = await registered.request(method, ONE, json=body, headers={"If-Match": etag})
        assert problem_of(stale) == (412, "stale")
        assert stale.json()["changes"] == [{"field": "parameters.temperature", "before": 0.2, "after": 0.9}]
    both = f"{etag}, {changed.headers['etag']}"
    assert (await registered.patch(ONE, json={"alias": "x"}, headers={"If-Match": both})).json()["version"] == 4
    assert (await registered.delete(ONE, headers={"If-Match": "*"})).status_code == 204
    assert problem_of(await registered.get(ONE)) == (404, "not-found")


@pytest.mark.parametrize("tag", ["3", '"3', "*, x", '"a" "b"'])
async def test_a_condition_that_cannot_be_read_changes_nothing(registered: httpx.AsyncClient, tag: str) -> None:
    answer = await registered.delete(ONE, headers={"If-Match": tag})
    assert problem_of(answer) == (400, "malformed")
    assert (await registered.get(ONE)).status_code == 200


async def test_pages_hold_while_others_come_and_go(owner: httpx.AsyncClient, service: ProviderConfigService) -> None:
    async def register(model: str) -> None:
        body = {"provider_name": "openai", "model_id": model, "parameters": PARAMETERS, "verify": False}
        assert (await owner.post("/v1/configurations", json=body)).status_code == 201

    models = ["gpt-4o", "gpt-4o-mini", "gpt-5", "gpt-5-mini", "gpt-5-nano"]
    for model in models:
        await register(model)
    seen, address = [], "/v1/configurations?provider=openai&limit=2&is_active=true"
    while address:
        page = await owner.get(address)
        seen += [config["model_id"] for config in page.json()["items"]]
        address = page.json()["next"]
        assert page.headers.get("link") == (f'<{address}>; rel="next"' if address else None)
        if len(seen) == 2:
            await register("gpt-4.1")
            await service.delete_provider_model("openai", "gpt-4o-mini")
    assert seen == models
    for wrong in ("limit=0", "limit=201", "cursor=x", "cursor=WzFd", "is_active=perhaps"):
        assert problem_of(await owner.get(f"/v1/configurations?{wrong}")) == (422, "invalid")


@pytest.mark.parametrize(
    ("query", "models"),
    [("alias=support", ["gpt-4.1-mini"]), ("verification_status=pending", ["gpt-4.1"]), ("workspace=search", [])],
)
async def test_lists_are_filtered(registered: httpx.AsyncClient, query: str, models: list[str]) -> None:
    body = {"provider_name": "openai", "model_id": "gpt-4.1", "parameters": PARAMETERS, "verify": False}
    await registered.post("/v1/configurations", json=body)
    found = (await registered.get(f"/v1/configurations?{query}")).json()["items"]
    assert [config["model_id"] for config in found] == models


async def test_revisions_are_listed_compared_and_gone_back_to(registered: httpx.AsyncClient) -> None:
    for temperature in (0.5, 0.9):
        etag = (await registered.get(ONE)).headers["etag"]
        await registered.patch(ONE, json={"parameters": {"temperature": temperature}}, headers={"If-Match": etag})
    first = (await registered.get(f"{ONE}/revisions?limit=3")).json()
    rest = (await registered.get(first["next"])).json()
    assert [(one["number"], one["action"], one["actor"]) for one in first["items"] + rest["items"]] == [
        (4, "update", "ann"), (3, "update", "ann"), (2, "register", "ann"), (1, "register", "ann"),
    ]  # fmt: skip
    assert rest["next"] is None
    assert (await registered.get(f"{ONE}/revisions/2")).json()["content"]["parameters"]["temperature"] == 0.2
    difference = (await registered.get(f"{ONE}/revisions/2/diff?to=3")).json()["changes"]
    assert difference == [{"field": "parameters.temperature", "before": 0.2, "after": 0.5}]
    back = await registered.post(f"{ONE}/revisions/2/rollback", headers={"If-Match": '"3"'})
    assert problem_of(back) == (412, "stale")
    back = await registered.post(f"{ONE}/revisions/2/rollback", headers={"If-Match": '"4"'})
    assert (back.json()["version"], back.json()["parameters"]["temperature"]) == (5, 0.2)
    assert problem_of(await registered.get(f"{ONE}/revisions/9")) == (404, "not-found")
    assert problem_of(await registered.get("/v1/configurations/openai/none/revisions")) == (404, "not-found")


async def test_settings_hold_no_secret_and_show_none(
    registered: httpx.AsyncClient, service: ProviderConfigService
) -> None:
    canary = "canary-7f3a91c2"
    refused = await registered.patch(ONE, json={"settings": {"api_key": canary}}, headers={"If-Match": "*"})
    assert problem_of(refused) == (422, "invalid")
    assert refused.json()["errors"][0]["pointer"] == "#/settings/api_key"
    body = {**REGISTRATION, "model_id": "gpt-4.1", "alias": None, "settings": {"deep": {"password": canary}}}
    assert problem_of(await registered.post("/v1/configurations", json=body)) == (422, "invalid")
    await store_settings(service.database, "openai", "gpt-4.1-mini", {"x_token": canary})
    await service.update_provider_model("openai", "gpt-4.1-mini", {"description": "changed"})
    shown = [await registered.get(f"{ONE}{rest}") for rest in ("", "/revisions", "/revisions/1/diff")]
    shown += [
        await registered.get("/v1/configurations"),
        await registered.patch(ONE, json={"alias": "x"}, headers={"If-Match": '"1"'}),
        await registered.get("/v1/audit/entries"),
    ]
    assert [answer.status_code for answer in shown] == [200, 200, 200, 200, 412, 200]
    assert "**********" in shown[0].text
    assert all(canary not in answer.text for answer in [*shown, refused])
