"""Checks that are asked for over HTTP, by the policy of the server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx

from core.llms.provider_config.access.roles import Role
from core.llms.provider_config.health.policy import HealthPolicy
from core.llms.provider_config.server import create_app
from core.llms.provider_config.service import ProviderConfigService
from core.llms.simulator import Fault, Simulator
from tests.unit.provider_config.server.conftest import ONE, problem_of

CHECKS = f"{ONE}/health/checks"


async def test_a_check_is_made_now_and_listed_from_then_on(registered: httpx.AsyncClient, sim: Simulator) -> None:
    asked = len(sim.requests)
    made = await registered.post(CHECKS)
    assert (made.status_code, made.json()["outcome"], made.json()["switched"]) == (201, "ok", None)
    assert [request.path for request in list(sim.requests)[asked:]] == ["/v1/models"]
    (kept,) = (await registered.get(CHECKS)).json()["items"]
    assert made.json() == {**kept, "switched": None}
    assert (await registered.get(f"{ONE}/health")).json()["state"] == "healthy"
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    assert (await registered.get(CHECKS, params={"since": later})).json() == {"items": []}
    assert problem_of(await registered.post("/v1/configurations/openai/none/health/checks")) == (404, "not-found")


async def test_a_failure_is_an_outcome_and_by_default_switches_nothing(
    registered: httpx.AsyncClient, sim: Simulator
) -> None:
    sim.faults.append(Fault(status=401))
    failed = await registered.post(CHECKS)
    assert (failed.status_code, failed.json()["outcome"], failed.json()["switched"]) == (201, "refused", None)
    assert (failed.json()["error_class"], failed.json()["status"]) == ("AuthenticationError", 401)
    assert (await registered.get(ONE)).json()["is_active"] is True


async def test_the_servers_policy_switches_off_and_on_again(service: ProviderConfigService, sim: Simulator) -> None:
    policy = HealthPolicy(deactivates=True, successes_before_return=1)
    transport = httpx.ASGITransport(create_app(service, health_policy=policy))
    await service.access.grant("ann", Role.OWNER)
    token = (await service.tokens.create("ann")).text.get_secret_value()
    headers = {"Authorization": f"Bearer {token}"}
    body = {"provider_name": "openai", "model_id": "gpt-4.1-mini", "parameters": {"name": "calm"}, "verify": False}
    async with httpx.AsyncClient(transport=transport, base_url="http://api.test", headers=headers) as client:
        assert (await client.post("/v1/configurations", json=body)).status_code == 201
        sim.faults.append(Fault(status=401))
        assert (await client.post(CHECKS)).json()["switched"] == "off"
        stood = (await client.get(f"{ONE}/health")).json()
        assert (stood["is_active"], stood["switched_off_at"] is not None) == (False, True)
        sim.faults.clear()
        assert (await client.post(CHECKS)).json()["switched"] == "on"
        assert (await client.get(ONE)).json()["is_active"] is True
