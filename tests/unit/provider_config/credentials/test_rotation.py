"""Changing the key that wraps, while several processes read and write: nothing fails, and nothing is left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from core.llms import Secret, StorageError
from core.llms.provider_config.credentials.rows import CredentialRows
from core.llms.provider_config.schemas import LLMParametersCreate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database
from tests.support.rotation import Plan, rotate_under_load
from tests.unit.provider_config.credentials.conftest import Stored

_ROWS = 40


async def create_all(service: ProviderConfigService, count: int = _ROWS) -> None:
    for number in range(count):
        await service.credentials.create(f"c{number:03}", "openai", {"api_key": f"sk-{number:03}"})


async def secrets_of(database: Database) -> dict[str, Any]:
    """Return what every credential decrypts to, with the keys that the environment has now."""
    service = ProviderConfigService(database)
    async with database.reading() as session:
        rows = await CredentialRows(session).list_all()
    return {row.name: (await service.credentials._open(row))["api_key"].get_secret_value() for row in rows}


EXPECTED = {f"c{number:03}": f"sk-{number:03}" for number in range(_ROWS)}


async def test_every_row_is_rewrapped_and_the_rest_stays(
    service: ProviderConfigService, database: Database, stored: Stored, set_keys: Callable[..., None]
) -> None:
    await create_all(service, 5)
    await service.credentials.delete("c004")
    before = [await stored.read(f"c{number:03}") for number in range(4)]
    set_keys("new", "old")
    assert await service.credentials.list_key_ids_in_use() == {"old": 4}
    report = await service.credentials.rotate_keys(batch_size=3)
    assert (report.key_id, report.rewrapped, report.failures, report.is_complete) == ("new", 4, {}, True)
    assert await service.credentials.list_key_ids_in_use() == {"new": 4}
    for old in before:
        new = await stored.read(old["name"])
        changed = {name for name in new if new[name] != old[name]}
        assert changed == {"wrapped_key", "key_id", "last_rotated"}
        assert new["wrapped_key"][:12] != old["wrapped_key"][:12]
    set_keys("new")
    assert await secrets_of(database) == {name: EXPECTED[name] for name in ("c000", "c001", "c002", "c003")}
    assert (await service.credentials.rotate_keys()).rewrapped == 0


async def test_rotation_under_load_fails_no_read(database_url: str) -> None:
    plan = Plan(database_url, _ROWS, readers=3, batch_size=3)
    outcome = await rotate_under_load(plan)
    assert (outcome.left, outcome.flaws) == (0, [])
    # Those that were replaced meanwhile have the new key without it.
    assert 0 < sum(outcome.rewrapped) <= _ROWS
    assert outcome.stored > 0
    assert len(outcome.read_seconds) >= 20 * plan.readers


async def test_several_rotations_at_once_rewrap_each_row_once(
    service: ProviderConfigService, set_keys: Callable[..., None]
) -> None:
    await create_all(service, 12)
    set_keys("new", "old")
    reports = await asyncio.gather(*(service.credentials.rotate_keys(batch_size=2) for _ in range(3)))
    assert sum(report.rewrapped for report in reports) == 12
    assert all(report.is_complete for report in reports)


async def test_a_secret_that_is_replaced_while_its_row_is_rewrapped_is_not_lost(
    service: ProviderConfigService, database: Database, set_keys: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    await create_all(service, 3)
    rewrap = CredentialRows.rewrap
    replacing: list[asyncio.Task[Any]] = []

    async def race(rows: CredentialRows, wrapped: Any, now: Any) -> None:
        replacing.append(asyncio.create_task(service.credentials.replace("c001", {"api_key": "sk-meanwhile"})))
        done, _ = await asyncio.wait(replacing, timeout=0.1)
        assert not done, "it did not wait for the rotation's transaction"
        await rewrap(rows, wrapped, now)

    monkeypatch.setattr(CredentialRows, "rewrap", race)
    set_keys("new", "old")
    report = await service.credentials.rotate_keys()
    assert (report.rewrapped, len(replacing)) == (3, 1)
    await replacing[0]
    set_keys("new")
    assert await secrets_of(database) == {"c000": "sk-000", "c001": "sk-meanwhile", "c002": "sk-002"}


async def test_a_rotation_that_breaks_off_goes_on_when_begun_again(
    service: ProviderConfigService, set_keys: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    await create_all(service, 6)
    set_keys("new", "old")
    rewrap = CredentialRows.rewrap

    async def break_off(rows: CredentialRows, wrapped: Any, now: Any) -> None:
        await rewrap(rows, wrapped, now)
        if "c003" in [row.name for row, _ in wrapped]:
            raise StorageError("the connection is gone")

    with monkeypatch.context() as patch:
        patch.setattr(CredentialRows, "rewrap", break_off)
        with pytest.raises(StorageError):
            await service.credentials.rotate_keys(batch_size=2)
    assert await service.credentials.list_key_ids_in_use() == {"new": 2, "old": 4}
    assert (await service.credentials.rotate_keys(batch_size=2)).rewrapped == 4


async def test_what_cannot_be_rewrapped_is_told_and_the_others_are(
    service: ProviderConfigService, stored: Stored, set_keys: Callable[..., None]
) -> None:
    await create_all(service, 3)
    await stored.write("c000", wrapped_key=b"nonsense")
    await stored.write("c001", key_id="lost")
    set_keys("new", "old")
    report = await service.credentials.rotate_keys(batch_size=1)
    assert (report.rewrapped, report.is_complete) == (1, False)
    assert "does not open with the encryption key 'old'" in report.failures["c000"]
    assert "the encryption key 'lost' is not set" in report.failures["c001"]
    assert await service.credentials.list_key_ids_in_use() == {"lost": 1, "new": 1, "old": 1}


async def test_a_process_that_does_not_know_the_new_key_yet_says_so(
    service: ProviderConfigService, set_keys: Callable[..., None]
) -> None:
    parameters = LLMParametersCreate(name="x")
    credential = await service.credentials.create("team", "openai", {"api_key": "sk-1"})
    config = await service.register_provider_model(
        "openai", "gpt-4.1-mini", parameters, credential_id=credential.id, verify=False
    )
    set_keys("new", "old")
    await service.credentials.rotate_keys()
    assert await service.credentials.resolve(config) == {"api_key": Secret("sk-1")}
    set_keys("old")
    (found,) = await service.credentials.list_all()
    assert found.problem is not None
    assert "the encryption key 'new' is not set" in found.problem
