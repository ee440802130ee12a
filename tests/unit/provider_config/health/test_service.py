"""Checks against the simulator and its faults, on SQLite and on PostgreSQL: outcomes, switching, history, status."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.access.roles import Role
from core.llms.provider_config.errors import AccessDeniedError, ConfigNotFoundError, ConfigValidationError
from core.llms.provider_config.health.outcomes import Outcome
from core.llms.provider_config.health.service import HealthService
from core.llms.provider_config.service import ProviderConfigService
from core.llms.simulator import Fault, Simulator
from tests.unit.provider_config.health.conftest import MODEL, OTHERS, PARAMETERS, Health


async def is_active(service: ProviderConfigService) -> bool:
    config = await service.get_provider_model(*MODEL)
    assert config is not None
    return config.is_active


async def test_a_check_asks_for_the_list_alone_and_is_kept(health: Health, sim: Simulator) -> None:
    service = health()
    check = await service.check(*MODEL)
    assert (check.outcome, check.kind, check.calls, check.error_class) == (Outcome.OK, "active", 1, None)
    assert [request.path for request in sim.requests] == ["/v1/models"]
    assert await service.history(*MODEL) == [check]
    assert abs(datetime.now(UTC) - check.at) < timedelta(minutes=5)
    assert check.latency_seconds > 0


@pytest.mark.parametrize(
    ("fault", "policy", "outcome", "error_class", "status"),
    [
        (Fault(status=401), {}, Outcome.REFUSED, "AuthenticationError", 401),
        (Fault(status=404), {}, Outcome.REFUSED, "NotFoundError", 404),
        (Fault(status=429), {}, Outcome.BUSY, "RateLimitError", 429),
        (Fault(status=429, code="insufficient_quota"), {}, Outcome.FAILED, "QuotaExceededError", 429),
        (Fault(status=500), {}, Outcome.FAILED, "ServerError", 500),
        (Fault(status=503), {}, Outcome.BUSY, "OverloadedError", 503),
        (Fault(hang=True), {"timeout_seconds": 0.3}, Outcome.FAILED, "DeadlineExceededError", None),
    ],
    ids=["401", "404", "429", "quota", "500", "503", "hang"],
)
async def test_each_fault_has_its_outcome_and_class(
    health: Health,
    sim: Simulator,
    fault: Fault,
    policy: dict[str, Any],
    outcome: Outcome,
    error_class: str,
    status: int | None,
) -> None:
    sim.faults.append(fault)
    check = await health(**policy).check(*MODEL)
    assert (check.outcome, check.error_class, check.status) == (outcome, error_class, status)
    assert check.message


async def test_what_is_refused_is_off_at_once_and_comes_back_after_enough_successes(
    health: Health, configured: ProviderConfigService, sim: Simulator
) -> None:
    service = health(successes_before_return=2)
    sim.faults.append(Fault(status=401))
    assert (await service.check(*MODEL)).switched == "off"
    status = await service.status(*MODEL)
    assert (status.is_active, status.state, status.error_class) == (False, "unhealthy", "AuthenticationError")
    assert status.switched_off_at is not None
    assert status.switched_off_reason is not None
    assert "401" in status.switched_off_reason
    sim.faults.clear()
    assert [(await service.check(*MODEL)).switched for _ in range(2)] == [None, "on"]
    assert await is_active(configured)
    revisions = await configured.revisions.history(*MODEL)
    assert [(revision.actor, revision.content and revision.content["is_active"]) for revision in revisions] == [
        ("health", True),
        ("health", False),
        ("system", True),
    ]
    assert (await service.status(*MODEL)).switched_off_at is None


async def test_failures_switch_off_after_as_many_in_a_row_as_the_policy_says(
    health: Health, configured: ProviderConfigService, sim: Simulator
) -> None:
    service = health(failures_before_deactivation=3)
    faults = [Fault(status=500), Fault(status=500), None, Fault(status=500), Fault(status=429), Fault(status=500)]
    for fault in faults:
        sim.faults[:] = [] if fault is None else [fault]
        assert (await service.check(*MODEL)).switched is None
    assert await is_active(configured)
    sim.faults[:] = [Fault(status=500)]
    assert (await service.check(*MODEL)).switched == "off"
    assert not await is_active(configured)


@pytest.mark.parametrize("fault", [Fault(status=429), Fault(status=503)], ids=["rate limit", "overload"])
async def test_what_is_busy_is_never_switched_off(
    health: Health, configured: ProviderConfigService, sim: Simulator, fault: Fault
) -> None:
    service = health(failures_before_deactivation=1)
    sim.faults.append(fault)
    for _ in range(4):
        await service.check(*MODEL)
    assert await is_active(configured)
    assert (await service.status(*MODEL)).state == "degraded"


async def test_nothing_is_switched_unless_asked_for(
    health: Health, configured: ProviderConfigService, sim: Simulator
) -> None:
    sim.faults.append(Fault(status=401))
    service = HealthService(configured)
    assert (await service.check(*MODEL)).switched is None
    assert await is_active(configured)
    assert (await service.status(*MODEL)).state == "unhealthy"


async def test_a_process_without_the_key_switches_nothing_off(
    configured: ProviderConfigService, health: Health, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = health(failures_before_deactivation=1)
    await service.check(*MODEL)
    await configured.update_provider_model(*MODEL, {"api_key_env": "NOT_SET_HERE"})
    check = await service.check(*MODEL)
    assert (check.outcome, check.error_class) == (Outcome.INCONCLUSIVE, "MissingCredentialError")
    assert await is_active(configured)
    assert (await service.status(*MODEL)).state == "healthy"


@pytest.mark.parametrize("first", [True, False], ids=["switched off by health", "switched off by a person"])
async def test_what_a_person_switches_off_stays_off(
    health: Health, configured: ProviderConfigService, sim: Simulator, first: bool
) -> None:
    service = health(successes_before_return=1)
    if first:
        sim.faults.append(Fault(status=401))
        assert (await service.check(*MODEL)).switched == "off"
        sim.faults.clear()
    before = await configured.get_provider_model(*MODEL)
    after = await configured.update_provider_model(*MODEL, {"is_active": False})
    # It was off already: the version tells nothing of what the person said.
    assert (before == after) is first
    for _ in range(3):
        assert (await service.check(*MODEL)).switched is None
    assert not await is_active(configured)
    assert (await service.status(*MODEL)).switched_off_at is None


async def test_checks_at_the_same_time_leave_it_to_be_switched_on_again(
    health: Health, configured: ProviderConfigService, sim: Simulator
) -> None:
    service = health(successes_before_return=1)
    sim.faults.append(Fault(status=401))
    checks = await asyncio.gather(*(service.check(*MODEL) for _ in range(4)))
    assert [check.switched for check in checks].count("off") == 1
    sim.faults.clear()
    assert (await service.check(*MODEL)).switched == "on"


async def test_other_changes_do_not_keep_it_off(
    health: Health, configured: ProviderConfigService, sim: Simulator
) -> None:
    service = health(successes_before_return=1)
    sim.faults.append(Fault(status=401))
    await service.check(*MODEL)
    await configured.update_provider_model(*MODEL, {"description": "new"}, parameters={"temperature": 0.1})
    sim.faults.clear()
    assert (await service.check(*MODEL)).switched == "on"


async def test_what_a_person_switches_on_is_given_its_failures_anew(
    health: Health, configured: ProviderConfigService, sim: Simulator
) -> None:
    service = health(failures_before_deactivation=2)
    sim.faults.append(Fault(status=500))
    assert [(await service.check(*MODEL)).switched for _ in range(2)] == [None, "off"]
    await configured.update_provider_model(*MODEL, {"is_active": True})
    assert [(await service.check(*MODEL)).switched for _ in range(2)] == [None, "off"]


async def test_a_change_while_it_is_asked_wins(configured: ProviderConfigService, health: Health) -> None:
    class ChangedMeanwhile:
        async def verify(self, config: Any) -> None:
            await configured.update_provider_model(*MODEL, {"description": "changed meanwhile"})
            from core.llms.errors import AuthenticationError

            raise AuthenticationError("no", status=401)

    service = HealthService(configured, health().policy, verifier=ChangedMeanwhile())
    assert (await service.check(*MODEL)).switched is None
    assert await is_active(configured)


async def test_when_all_fail_as_many_stay_on_as_the_policy_says(
    health: Health, configured: ProviderConfigService, sim: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    for names in OTHERS:
        await configured.register_provider_model(*names, PARAMETERS, verify=False)
    service = health(failures_before_deactivation=1, max_deactivated=0.5, max_concurrency=1)
    sim.faults.append(Fault(status=500))
    with caplog.at_level(logging.WARNING, "core.llms.health"):
        checks = await service.check_all()
    assert sorted(str(check.switched) for check in checks) == ["None", "None", "off"]
    assert sum("as many are already" in record.message for record in caplog.records) == 2
    sim.faults[:] = [Fault(status=401)]
    assert [check.switched for check in await service.check_all()].count("off") == 2


async def test_what_is_off_by_a_person_is_not_among_all(
    health: Health, configured: ProviderConfigService, sim: Simulator
) -> None:
    for names in OTHERS:
        await configured.register_provider_model(*names, PARAMETERS, verify=False)
    service = health()
    await configured.update_provider_model(*OTHERS[0], {"is_active": False})
    sim.script(Fault(status=401))
    await service.check(*MODEL)
    checked = {(check.provider_name, check.model_id) for check in await service.check_all()}
    assert checked == {MODEL, OTHERS[1]}


async def test_history_is_newest_first_bounded_and_since(health: Health, sim: Simulator) -> None:
    service = health()
    await service.check(*MODEL)
    sim.faults.append(Fault(status=500))
    for _ in range(2):
        await service.check(*MODEL)
    history = await service.history(*MODEL)
    assert [check.outcome for check in history] == [Outcome.FAILED, Outcome.FAILED, Outcome.OK]
    assert await service.history(*MODEL, limit=1) == history[:1]
    assert await service.history(*MODEL, since=history[1].at) == history[:2]


async def test_status_measures_the_window(health: Health, sim: Simulator) -> None:
    service = health()
    unknown = await service.status(*MODEL)
    assert (unknown.state, unknown.checks.calls, unknown.checks.success_rate) == ("unknown", 0, None)
    for _ in range(3):
        await service.check(*MODEL)
    sim.faults.append(Fault(status=429))
    await service.check(*MODEL)
    sim.faults[:] = [Fault(status=500)]
    await service.check(*MODEL)
    (status,) = await service.statuses()
    checks = status.checks
    assert (checks.calls, checks.failures, checks.busy, checks.success_rate) == (5, 1, 1, 0.75)
    assert (checks.latency.count, status.failures_in_a_row, status.state) == (3, 1, "degraded")
    assert checks.latency.p50 > 0
    narrow = HealthService(service.configs, type(service.policy)(window_seconds=1e-6))
    assert (await narrow.status(*MODEL)).state == "unknown"


async def test_old_checks_are_forgotten(health: Health) -> None:
    service = health(keep_checks=2)
    kept = [await service.check(*MODEL) for _ in range(4)]
    await service.clean()
    assert await service.history(*MODEL) == [kept[3], kept[2]]
    await HealthService(service.configs, type(service.policy)(keep_seconds=1e-6)).clean()
    assert await service.history(*MODEL) == []


async def test_whoever_may_not_verify_checks_nothing(health: Health, configured: ProviderConfigService) -> None:
    service = health()
    await configured.access.grant("ann", Role.VIEWER)
    with pytest.raises(AccessDeniedError) as caught:
        await service.check(*MODEL, actor="ann")
    assert caught.value.operation is Operation.VERIFY
    assert await service.history(*MODEL, actor="ann") == []
    with pytest.raises(AccessDeniedError):
        await service.status(*MODEL, actor="bob")
    assert await service.statuses(actor="bob") == []


async def test_nobody_from_outside_can_be_health(configured: ProviderConfigService) -> None:
    with pytest.raises(ConfigValidationError, match="'health' is the name of the process itself"):
        await configured.update_provider_model(*MODEL, {"is_active": False}, actor="health")


async def test_health_goes_with_its_configuration(health: Health, configured: ProviderConfigService) -> None:
    service = health()
    await service.check(*MODEL)
    await configured.delete_provider_model(*MODEL)
    with pytest.raises(ConfigNotFoundError):
        await service.history(*MODEL)
    await configured.register_provider_model(*MODEL, PARAMETERS, verify=False)
    assert await service.history(*MODEL) == []
    assert (await service.status(*MODEL)).state == "unknown"
