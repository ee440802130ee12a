"""Changing the key that wraps, while several processes read and write: nothing fails, and nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from typing import Any

import pytest

from core.llms import Secret, StorageError
from core.llms.provider_config.credentials.envelope import seal
from core.llms.provider_config.credentials.key_sources import KEYS_VARIABLE, EnvironmentKeys
from core.llms.provider_config.credentials.rows import CredentialRows, place_of, set_sealed
from core.llms.provider_config.credentials.secret_values import pack
from core.llms.provider_config.schemas import LLMParametersCreate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database
from tests.unit.provider_config.credentials.conftest import MATERIAL, Stored

_ROWS = 40
_READERS = 3

_READ = """
import asyncio, sys
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database

async def main():
    reads = {"old": 0, "new": 0}
    async with Database(sys.argv[1]) as database:
        service = ProviderConfigService(database)
        stopped = asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        while not stopped.done() or not reads["new"]:
            for credential in await service.credentials.list_all():
                if credential.problem:
                    raise SystemExit(credential.problem)
                reads[credential.key_id] += 1
            print("round", flush=True)
    print(reads["old"], reads["new"], flush=True)

asyncio.run(main())
"""


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


async def start_reader(url: str) -> Process:
    environment = {**os.environ, KEYS_VARIABLE: f"old:{MATERIAL['old']},new:{MATERIAL['new']}"}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", _READ, url, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment
    )


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


async def test_rotation_under_load_fails_no_read(
    service: ProviderConfigService, database: Database, database_url: str, set_keys: Callable[..., None]
) -> None:
    await create_all(service)
    readers = [await start_reader(database_url) for _ in range(_READERS)]
    for reader in readers:
        assert reader.stdout is not None
        assert await reader.stdout.readline() == b"round\n", (await reader.communicate())[1].decode()
    set_keys("new", "old")
    written = asyncio.create_task(replace_meanwhile(service))
    report = await service.credentials.rotate_keys(batch_size=1)
    await written
    assert report.is_complete
    assert await service.credentials.list_key_ids_in_use() == {"new": _ROWS}
    for reader in readers:
        out, problem = await reader.communicate(b"\n")
        assert (reader.returncode, problem.decode()) == (0, "")
        before, after = map(int, out.split()[-2:])
        assert before >= _ROWS
        assert after > 0
    set_keys("new")
    assert await secrets_of(database) == {**EXPECTED, "c000": "sk-last", "c039": "sk-last"}


async def replace_meanwhile(service: ProviderConfigService) -> None:
    for _ in range(5):
        for secret in ("sk-next", "sk-last"):
            await service.credentials.replace("c000", {"api_key": secret})
            await service.credentials.replace("c039", {"api_key": secret})


async def test_several_rotations_at_once_rewrap_each_row_once(
    service: ProviderConfigService, set_keys: Callable[..., None]
) -> None:
    await create_all(service, 12)
    set_keys("new", "old")
    reports = await asyncio.gather(*(service.credentials.rotate_keys(batch_size=2) for _ in range(3)))
    assert sum(report.rewrapped for report in reports) == 12
    assert all(report.is_complete for report in reports)


async def test_a_row_that_changes_between_reading_and_writing_is_not_lost(
    service: ProviderConfigService,
    database: Database,
    set_keys: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await create_all(service, 3)
    rewrap = CredentialRows.rewrap
    raced = ["c001", "c002"]
    key = await EnvironmentKeys().key("old")
    assert key is not None

    async def race(rows: CredentialRows, row: Any, sealed: Any, now: Any) -> bool:
        if row.name in raced:
            raced.remove(row.name)
            # Within the same transaction, of which SQLite has one at a time: what another wrote just before.
            own = await rows.find(row.name)
            assert own is not None
            set_sealed(own, seal(pack({"api_key": Secret("sk-meanwhile")}), place_of(own), "old", key))
            await rows._session.flush()
        return await rewrap(rows, row, sealed, now)

    monkeypatch.setattr(CredentialRows, "rewrap", race)
    set_keys("new", "old")
    report = await service.credentials.rotate_keys()
    assert (report.rewrapped, raced) == (3, [])
    set_keys("new")
    assert await secrets_of(database) == {"c000": "sk-000", "c001": "sk-meanwhile", "c002": "sk-meanwhile"}


async def test_a_rotation_that_breaks_off_goes_on_when_begun_again(
    service: ProviderConfigService, set_keys: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    await create_all(service, 6)
    set_keys("new", "old")
    rewrap = CredentialRows.rewrap

    async def break_off(rows: CredentialRows, row: Any, sealed: Any, now: Any) -> bool:
        if row.name == "c003":
            raise StorageError("the connection is gone")
        return await rewrap(rows, row, sealed, now)

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
