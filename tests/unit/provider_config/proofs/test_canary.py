"""A secret that is stored shows nowhere, whichever method is called, whether it succeeds, is denied, or fails."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from sqlalchemy import event

from core.llms import LLMError, StorageError
from core.llms.provider_config.access.roles import Role
from core.llms.provider_config.service import ProviderConfigService
from core.llms.provider_config.transfer.writing import render_json
from core.llms.storage.database import Database
from tests.support.access_table import ACCOUNT_SECRET, CALLS, FREE, MODEL, PROVIDER, Call, fill, public_methods
from tests.support.config_processes import Answering
from tests.support.witness import Witness
from tests.unit.provider_config.credentials.conftest import Stored

KEY = "A" * 43 + "="


class Disk:
    """What is written to, unless it is full."""

    def __init__(self, database: Database) -> None:
        self.is_full = False
        event.listen(database.engine.sync_engine, "before_cursor_execute", self._execute)

    def _execute(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if self.is_full and not statement.startswith("SELECT"):
            raise StorageError("the disk is full")


@pytest.fixture
async def service(database: Database, monkeypatch: pytest.MonkeyPatch) -> ProviderConfigService:
    monkeypatch.setenv("CORE_LLMS_ENCRYPTION_KEYS", f"key:{KEY}")
    filled = ProviderConfigService(database, verifier=Answering())
    database.engine.sync_engine.echo = "debug"
    await fill(filled)
    for role in (Role.OWNER, Role.SECRET_READER):
        await filled.access.grant("allowed", role)
    return filled


async def see_call(service: ProviderConfigService, call: Call, actor: str, disk: Disk) -> tuple[list[str], bool]:
    """Call a method; return where the secret shows, and whether it succeeded."""
    if call.prepare is not None:
        await call.prepare(service)
    witness, succeeded = Witness(), True
    disk.is_full = actor == "unlucky"
    try:
        witness.see(call.method, await call.run(service, "allowed" if disk.is_full else actor))
    except LLMError as error:
        witness.see_error(error)
        succeeded = False
    finally:
        disk.is_full = False
    return [
        f"{call.method} by {actor}: {place}" for secret in (ACCOUNT_SECRET, KEY) for place in witness.where(secret)
    ], succeeded


def test_every_method_is_called(database: Database) -> None:
    assert set(public_methods(ProviderConfigService(database))) == {call.method for call in CALLS} | FREE


@pytest.mark.parametrize("actor", ["allowed", "nobody", "unlucky"])
async def test_a_secret_shows_nowhere_whichever_method_is_called(
    service: ProviderConfigService,
    database: Database,
    actor: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    disk, places, successes = Disk(database), [], set()
    for call in CALLS:
        found, succeeded = await see_call(service, call, actor, disk)
        places += found
        successes |= {call.method} if succeeded else set()
    texts = {
        "a configuration": repr(await service.get_provider_model(PROVIDER, MODEL)),
        "credentials": repr([one.model_dump_json() for one in await service.credentials.list_all()]),
        "an export": render_json(await service.transfer.export()),
        "the audit": repr(await service.audit.list_entries(limit=1_000)),
        "history": repr(await service.revisions.history(PROVIDER, MODEL)),
        "the database": repr(await Stored(database).dump()),
    }
    records: list[Any] = [vars(record) for record in caplog.records]
    texts |= {"logs": caplog.text + repr(records), "what is printed": repr(capfd.readouterr())}
    assert [*places, *(what for what, text in texts.items() if ACCOUNT_SECRET in text or KEY in text)] == []
    assert "INSERT INTO" in caplog.text
    assert (successes == {call.method for call in CALLS}) is (actor == "allowed"), successes
