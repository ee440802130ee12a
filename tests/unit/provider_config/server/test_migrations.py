"""Why a parameter has its value, the presets, and other models and versions: over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from core.llms.simulator import Fault, Simulator
from tests.unit.provider_config.server.conftest import ONE, problem_of

PLAN, APPLY = f"{ONE}/migration/plan", f"{ONE}/migration/apply"


async def test_each_parameter_is_explained_through_parent_and_preset(registered: httpx.AsyncClient) -> None:
    base = {"name": "base", "preset": "extraction", "max_new_tokens": 50}
    assert (await registered.post("/v1/parameters", json=base)).status_code == 201
    inherit = {"parent": "base", "max_new_tokens": 70, "temperature": None}
    answer = await registered.patch("/v1/parameters/calm", json=inherit, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    explained = await registered.get(f"{ONE}/explain")
    found = explained.json()
    assert (found["chain"], found["preset"], found["preset_from"]) == (["calm", "base"], "extraction", "base")
    told: dict[str, Any] = {one["name"]: one for one in found["parameters"]}
    assert (told["max_tokens"]["value"], told["max_tokens"]["origin"]["name"]) == (70, "calm")
    assert [(one["name"], one["value"]) for one in told["max_tokens"]["overrode"]] == [("base", 50)]
    assert (told["temperature"]["value"], told["temperature"]["origin"]["source"]) == (0.0, "preset")
    assert (told["reasoning_effort"]["value"], told["reasoning_effort"]["is_sent"]) == ("low", False)
    same = await registered.get(f"{ONE}/explain", headers={"If-None-Match": explained.headers["etag"]})
    assert same.status_code == 304
    assert problem_of(await registered.get("/v1/configurations/openai/none/explain")) == (404, "not-found")


async def test_presets_are_listed_with_a_reason_for_each_value(registered: httpx.AsyncClient) -> None:
    presets = {one["name"]: one for one in (await registered.get("/v1/presets")).json()["items"]}
    assert presets["chat"]["values"]["temperature"]["value"] == 0.7
    assert all(value["reason"] for preset in presets.values() for value in preset["values"].values())
    for name in presets:
        made = await registered.post("/v1/parameters", json={"name": f"for {name}", "preset": name})
        assert made.status_code == 201
    unknown = await registered.post("/v1/parameters", json={"name": "x", "preset": "chatt"})
    assert problem_of(unknown) == (422, "invalid")


async def test_a_migration_is_planned_and_then_done_on_what_was_planned(
    registered: httpx.AsyncClient, sim: Simulator
) -> None:
    plan = await registered.post(PLAN, json={"to_model": "gpt-5-mini"})
    fates = {step["field"]: step["fate"] for step in plan.json()["steps"]}
    assert (plan.status_code, fates) == (200, {"max_new_tokens": "renamed", "temperature": "dropped"})
    assert (await registered.get(ONE)).json()["version"] == plan.json()["config_version"] == 2
    await registered.patch(ONE, json={"description": "x"}, headers={"If-Match": "*"})
    planned = {"If-Match": plan.headers["etag"]}
    body = {"to_model": "gpt-5-mini"}
    assert problem_of(await registered.post(APPLY, json=body)) == (428, "precondition-required")
    stale = await registered.post(APPLY, json=body, headers=planned)
    assert problem_of(stale) == (412, "stale")
    assert [change["field"] for change in stale.json()["changes"]] == ["description"]
    asked = len(sim.requests)
    done = await registered.post(APPLY, json=body, headers={"If-Match": '"3"'})
    assert (done.status_code, done.json()["model_id"], done.json()["parameters"]["temperature"]) == (
        200, "gpt-5-mini", None,
    )  # fmt: skip
    assert (done.json()["verification_status"], len(sim.requests) > asked) == ("verified", True)
    assert done.headers["location"] == "/v1/configurations/openai/gpt-5-mini"
    assert (await registered.get(done.headers["location"])).headers["etag"] == done.headers["etag"]
    assert problem_of(await registered.get(ONE)) == (404, "not-found")


async def test_a_version_is_migrated_to_without_asking_the_provider(
    registered: httpx.AsyncClient, sim: Simulator
) -> None:
    asked = len(sim.requests)
    body = {"to_version": "responses", "verify": False}
    done = await registered.post(APPLY, json=body, headers={"If-Match": "*"})
    assert (done.json()["provider_version"], done.json()["verification_status"]) == ("responses", "pending")
    assert len(sim.requests) == asked
    assert problem_of(await registered.post(PLAN, json={"to_version": "spoken"})) == (422, "invalid")


async def test_what_is_undecided_or_does_not_answer_changes_nothing(
    registered: httpx.AsyncClient, sim: Simulator
) -> None:
    undecided = {"to_model": "gpt-5-mini", "decisions": {"temperature": 0.5}}
    refused = await registered.post(APPLY, json=undecided, headers={"If-Match": "*"})
    assert problem_of(refused) == (422, "invalid")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["#/decisions/temperature"]
    sim.faults.append(Fault(status=401))
    silent = await registered.post(APPLY, json={"to_model": "gpt-4o"}, headers={"If-Match": "*"})
    assert problem_of(silent) == (424, "verification-failed")
    assert silent.json()["configuration"] == (await registered.get(ONE)).json()
    sim.faults.clear()
    body = {"provider_name": "openai", "model_id": "gpt-4o", "parameters_name": "calm", "verify": False}
    await registered.post("/v1/configurations", json=body)
    taken = await registered.post(APPLY, json={"to_model": "gpt-4o"}, headers={"If-Match": "*"})
    assert problem_of(taken) == (409, "exists")


@pytest.mark.filterwarnings("ignore::core.llms.notices.UnknownModelWarning")
@pytest.mark.parametrize("decision", [{"seed": 10**40}, {"top_p": "high"}, {"temprature": 1}], ids=str)
async def test_a_decision_that_no_parameter_could_have_is_refused(
    registered: httpx.AsyncClient, decision: dict[str, Any]
) -> None:
    # Of this model nothing is known that could refuse it.
    answer = await registered.post(PLAN, json={"to_model": "gpt-unheard-of", "decisions": decision})
    assert problem_of(answer) == (422, "invalid")
