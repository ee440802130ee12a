"""The audit: what is in it, that it cannot be changed unseen, and that nothing is changed without it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from core.llms.provider_config.audit.chain import AuditAnchor
from core.llms.provider_config.audit.entries import FIRST_HASH
from core.llms.provider_config.audit.writing import parse
from core.llms.provider_config.errors import AccessDeniedError, AuditError
from core.llms.provider_config.models import AuditEntryRow, AuditHead
from core.llms.provider_config.schemas import LLMParametersCreate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database
from tests.support.stored_settings import store_settings

MODEL = ("openai", "gpt-4.1-mini")
CALM = LLMParametersCreate(name="calm", temperature=0.2)


@pytest.fixture
async def filled(service: ProviderConfigService) -> ProviderConfigService:
    await service.register_provider_model(*MODEL, parameters=CALM, verify=False)
    for number in range(4):
        await service.update_provider_model(*MODEL, {"description": f"change {number}"})
    return service


async def test_entries_say_who_did_what_to_which_thing_and_what_it_was(filled: ProviderConfigService) -> None:
    await filled.access.grant("ann", "maintainer")
    await filled.update_provider_model(*MODEL, {"description": "hers"}, parameters={"temperature": 0.4}, actor="ann")
    newest = (await filled.audit.list_entries(by="ann"))[::-1]
    assert [(entry.action, entry.kind, entry.name) for entry in newest] == [
        ("update", "configuration", "openai/gpt-4.1-mini"),
        ("update", "parameters", "calm"),
    ]
    assert newest[0].details == {"changes": {"description": ["change 3", "hers"], "parameters.temperature": [0.2, 0.4]}}
    assert newest[0].scope.model == "gpt-4.1-mini"


async def test_entries_are_found_by_what_they_are(filled: ProviderConfigService) -> None:
    with pytest.raises(AccessDeniedError):
        await filled.delete_provider_model(*MODEL, actor="eve")
    [denied] = await filled.audit.list_entries(outcome="denied")
    assert (denied.actor, denied.action, denied.name, denied.kind) == ("eve", "delete", "delete", "access")
    assert len(await filled.audit.list_entries(kind="parameters")) == 1
    numbers = [entry.sequence for entry in await filled.audit.list_entries(limit=3)]
    assert numbers == [7, 6, 5]
    assert [entry.sequence for entry in await filled.audit.list_entries(limit=3, before=5)] == [4, 3, 2]
    now = datetime.now(UTC)
    assert len(await filled.audit.list_entries(since=now - timedelta(hours=1), until=now)) == 7
    assert await filled.audit.list_entries(since=now + timedelta(hours=1)) == []


async def test_an_untouched_audit_is_intact(filled: ProviderConfigService) -> None:
    report = await filled.audit.verify_audit_chain()
    assert (report.is_intact, report.entries, report.head.sequence) == (True, 6, 6)
    assert (await filled.audit.verify_audit_chain(report.head)).is_intact


ALTERED: dict[str, Any] = {
    "actor": "nobody",
    "action": "x",
    "outcome": "denied",
    "kind": "x",
    "name": "x",
    "organisation": "x",
    "workspace": None,
    "provider": "x",
    "model": "x",
    "details": {"changes": {}},
    "at": datetime(2020, 1, 1, tzinfo=UTC),
    "previous_hash": "f" * 64,
    "hash": "f" * 64,
}


def test_every_column_is_tampered_with() -> None:
    assert {column.key for column in AuditEntryRow.__table__.columns} == {*ALTERED, "sequence"}


@pytest.mark.parametrize("column", ALTERED)
async def test_an_entry_that_was_changed_is_found(filled: ProviderConfigService, column: str) -> None:
    await tamper(filled, update(AuditEntryRow).where(AuditEntryRow.sequence == 3).values(**{column: ALTERED[column]}))
    report = await filled.audit.verify_audit_chain()
    assert 3 in {problem.sequence for problem in report.problems}
    assert {problem.sequence for problem in report.problems} <= {3, 4}


@pytest.mark.parametrize(
    ("column", "value", "is_readable"),
    [
        ("outcome", "'undone'", True),
        ("at", "'yesterday'", False),
        ("details", "'[1'", False),
        ("details", "'[]'", True),
        ("actor", "x'00ff'", True),
    ],
)
async def test_what_can_be_no_entry_is_found_and_named(
    sqlite_url: str, column: str, value: str, is_readable: bool
) -> None:
    async with Database(sqlite_url) as database:
        service = ProviderConfigService(database)
        for name in ("one", "two", "three"):
            await service.parameters.create(LLMParametersCreate(name=name))
        await tamper(service, text(f"UPDATE audit_entries SET {column} = {value} WHERE sequence = 2"))
        report = await service.audit.verify_audit_chain()
        assert (report.entries, report.problems[0].sequence) == (3, 2)
        if not is_readable:
            with pytest.raises(AuditError, match="verify_audit_chain"):
                await service.audit.list_entries()


async def test_an_entry_with_a_number_that_is_none_is_found(sqlite_url: str) -> None:
    async with Database(sqlite_url) as database:
        service = ProviderConfigService(database)
        for name in ("one", "two"):
            await service.parameters.create(LLMParametersCreate(name=name))
        await tamper(service, text("UPDATE audit_entries SET sequence = 'first' WHERE sequence = 1"))
        problems = (await service.audit.verify_audit_chain()).problems
        assert str(problems[0]) == "entry 2: the entries before it are missing: 1 to 1"
        assert "it cannot be read: it was changed after it was written" in {one.problem for one in problems}


async def test_an_entry_that_was_removed_is_found(filled: ProviderConfigService) -> None:
    await tamper(filled, delete(AuditEntryRow).where(AuditEntryRow.sequence == 3))
    report = await filled.audit.verify_audit_chain()
    assert [str(problem) for problem in report.problems] == ["entry 4: the entries before it are missing: 3 to 3"]


async def test_an_end_that_was_cut_off_is_found(filled: ProviderConfigService) -> None:
    await tamper(filled, delete(AuditEntryRow).where(AuditEntryRow.sequence >= 5))
    report = await filled.audit.verify_audit_chain()
    assert [str(problem) for problem in report.problems] == ["entry 6: the entries from 5 on are missing at the end"]


@pytest.mark.parametrize("head", [{"hash": "f" * 64}, {"sequence": 5}], ids=["hash", "sequence"])
async def test_a_head_that_was_changed_is_found(filled: ProviderConfigService, head: dict[str, Any]) -> None:
    await tamper(filled, update(AuditHead).values(**head))
    report = await filled.audit.verify_audit_chain()
    assert [str(problem) for problem in report.problems] == ["entry 6: the head of the audit is of another entry"]


async def test_entries_that_changed_places_are_found(filled: ProviderConfigService) -> None:
    for old, new in ((3, -3), (4, 3), (-3, 4)):
        await tamper(filled, update(AuditEntryRow).where(AuditEntryRow.sequence == old).values(sequence=new))
    report = await filled.audit.verify_audit_chain()
    assert {3, 4} <= {problem.sequence for problem in report.problems}


async def test_a_chain_that_was_written_wholly_anew_is_found_by_an_anchor(filled: ProviderConfigService) -> None:
    anchor = (await filled.audit.verify_audit_chain()).head
    await rewrite_chain(filled, lambda entry: {"actor": "nobody"} if entry.sequence == 2 else {})
    assert (await filled.audit.verify_audit_chain()).is_intact
    report = await filled.audit.verify_audit_chain(anchor)
    assert [str(problem) for problem in report.problems] == [
        "entry 6: it is not the entry that the anchor was taken of"
    ]
    missing = await filled.audit.verify_audit_chain(AuditAnchor(9, "f" * 64))
    assert [problem.sequence for problem in missing.problems] == [9]


async def test_without_an_audit_nothing_is_changed(filled: ProviderConfigService) -> None:
    before = await filled.get_provider_model(*MODEL)
    await tamper(filled, delete(AuditHead))
    with pytest.raises(AuditError, match="lost its head"):
        await filled.update_provider_model(*MODEL, {"description": "unseen"})
    assert await filled.get_provider_model(*MODEL) == before
    assert len(await filled.revisions.history(*MODEL)) == 5
    assert not (await filled.audit.verify_audit_chain()).is_intact


@pytest.mark.parametrize("has_key", [True, False], ids=["with a key", "without"])
async def test_a_secret_is_in_it_by_its_hmac_alone(
    service: ProviderConfigService, monkeypatch: pytest.MonkeyPatch, has_key: bool
) -> None:
    if has_key:
        monkeypatch.setenv("CORE_LLMS_ENCRYPTION_KEYS", "key:" + "A" * 43 + "=")
    await service.register_provider_model(*MODEL, parameters=CALM, verify=False)
    settings = {"api_key": "canary-1", "note": "Bearer canary-2-abcdefgh"}
    await store_settings(service.database, *MODEL, settings)
    await service.update_provider_model(*MODEL, {"settings": {}, "api_key_env": "TEAM_KEY"})
    [entry] = await service.audit.list_entries(limit=1)
    text = json.dumps(entry.details)
    assert "canary" not in text
    assert entry.details["changes"]["api_key_env"] == [None, "TEAM_KEY"]
    assert ("hmac:" in text) == has_key


async def test_a_secret_that_is_read_is_written_down_and_one_that_is_used_is_not(
    service: ProviderConfigService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORE_LLMS_ENCRYPTION_KEYS", "key:" + "A" * 43 + "=")
    credential = await service.credentials.create("account", "openai", {"api_key": "sk-canary"})
    config = await service.register_provider_model(*MODEL, parameters=CALM, verify=False, credential_id=credential.id)
    await service.access.grant("ann", "user")
    await service.access.grant("bob", "secret_reader")
    assert (await service.credentials.resolve(config, actor="ann"))["api_key"].get_secret_value() == "sk-canary"
    with pytest.raises(AccessDeniedError):
        await service.credentials.read_secrets("account", actor="ann")
    with pytest.raises(AccessDeniedError):
        await service.credentials.resolve(config, actor="bob")
    assert (await service.credentials.read_secrets("account", actor="bob"))["api_key"].get_secret_value() == "sk-canary"
    entries = await service.audit.list_entries(limit=3)
    assert [(entry.actor, entry.action, entry.outcome) for entry in entries] == [
        ("bob", "read_secret", "done"),
        ("bob", "read", "denied"),
        ("ann", "read", "denied"),
    ]


async def tamper(service: ProviderConfigService, statement: Any) -> None:
    """Do to the tables what somebody can do who has the database's password."""
    async with service.database.transaction() as session:
        await session.execute(statement)


async def rewrite_chain(service: ProviderConfigService, alter: Callable[[Any], dict[str, Any]]) -> None:
    """Compute every hash anew over altered entries, as whoever knows how it is done could."""
    previous = FIRST_HASH
    async with service.database.transaction() as session:
        for row in await session.scalars(select(AuditEntryRow).order_by(AuditEntryRow.sequence)):
            for name, value in {**alter(row), "previous_hash": previous}.items():
                setattr(row, name, value)
            row.hash = previous = parse(row).compute_hash()
        await session.execute(update(AuditHead).values(hash=previous))
