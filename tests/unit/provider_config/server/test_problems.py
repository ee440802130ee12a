"""What goes wrong is answered as a problem: every kind of error, and nothing of what is the server's own affair."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from core.llms.errors import LLMError, StorageError
from core.llms.provider_config import errors
from core.llms.provider_config.access.operations import EVERYTHING, Operation
from core.llms.provider_config.access.roles import Role
from core.llms.provider_config.server import create_app
from core.llms.provider_config.server.problems import KINDS, kind_of
from core.llms.provider_config.service import ProviderConfigService
from core.llms.provider_config.transfer.report import ImportRefusedError
from core.llms.storage.database import Database
from tests.unit.provider_config.server.conftest import ONE, NewClient, problem_of

CANARY = "canary-7f3a91c2"


def kinds(root: type[LLMError]) -> Iterator[type[LLMError]]:
    yield root
    for one in root.__subclasses__():
        yield from kinds(one)


def test_every_kind_of_error_of_the_tree_is_told_as_a_problem_of_its_own() -> None:
    tree = {one for one in kinds(errors.ProviderConfigError) if one.__module__ == errors.__name__}
    assert len(tree) > 10
    assert tree - set(KINDS) == set()
    slugs = [KINDS[one].slug for one in tree]
    assert len(set(slugs)) == len(slugs)


def test_kinds_of_other_rooms_are_told_as_what_they_are_near_to() -> None:
    assert kind_of(ImportRefusedError.__new__(ImportRefusedError)).status == 422


async def failing(client: httpx.AsyncClient, service: Any, error: Exception, monkeypatch: Any) -> httpx.Response:
    async def fail(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(service, "get_provider_model", fail)
    return await client.get(ONE)


@pytest.mark.parametrize(
    ("error", "status", "slug", "told"),
    [
        (errors.ConfigInUseError("x uses it"), 409, "in-use", "x uses it"),
        (errors.ConfigInactiveError("it is off"), 409, "inactive", "it is off"),
        (StorageError(f"the database at {CANARY} failed"), 503, "storage-unavailable", "log"),
        (errors.EncryptionKeyError(f"the key {CANARY} is not set", CANARY), 503, "encryption-key-missing", "log"),
        (errors.CredentialDamagedError(f"{CANARY} is damaged"), 500, "credential-damaged", "log"),
        (errors.AuditError(CANARY), 503, "audit-unavailable", "log"),
        (RuntimeError(f"password={CANARY}"), 500, "unexpected", "log"),
        (
            errors.AccessDeniedError("no", actor="a", operation=Operation.READ, scope=EVERYTHING),
            403, "access-denied", "no",
        ),
    ],
)  # fmt: skip
async def test_an_error_is_answered_and_the_server_s_own_are_logged_alone(
    owner: httpx.AsyncClient,
    service: ProviderConfigService,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    status: int,
    slug: str,
    told: str,
) -> None:
    answer = await failing(owner, service, error, monkeypatch)
    assert problem_of(answer) == (status, slug)
    assert told in answer.json()["detail"]
    assert CANARY not in answer.text
    assert "Traceback" not in answer.text
    logged = [record for record in caplog.records if record.name == "core.llms.server"]
    assert bool(logged) == (status >= 500)
    if logged:
        assert answer.headers["x-request-id"] in caplog.text
        assert type(error).__name__ in caplog.text
    assert f"password={CANARY}" not in caplog.text


async def test_the_fields_that_are_wrong_are_pointed_at(owner: httpx.AsyncClient) -> None:
    body = {"provider_name": "openai", "model_id": "gpt-4.1-mini", "parameters": {"name": "x", "temperature": 9}}
    found = (await owner.post("/v1/configurations", json=body)).json()["errors"]
    assert [one["pointer"] for one in found] == ["#/parameters/temperature"]
    # What only the model would refuse, which is the service's to find out.
    body["parameters"] = {"name": "x", "max_new_tokens": 10_000_000}
    found = (await owner.post("/v1/configurations", json=body)).json()["errors"]
    assert found == [{"detail": found[0]["detail"], "pointer": "#/parameters/max_new_tokens"}]
    assert "at most 32768" in found[0]["detail"]
    found = (await owner.get("/v1/configurations?limit=0")).json()["errors"]
    assert [one["parameter"] for one in found] == ["limit"]
    found = (await owner.get("/v1/parameters/%00")).json()["errors"]
    assert [one["parameter"] for one in found] == ["name"]


@pytest.mark.parametrize(
    ("content", "media_type", "status", "slug"),
    [
        (b'{"name": "x", "name": "y"}', "application/json", 400, "malformed"),
        (b'{"name": "x", "temperature": NaN}', "application/json", 400, "malformed"),
        (b'{"name": "x", "temperature": 1e999}', "application/json", 400, "malformed"),
        (b'{"name": "\\ud800"}', "application/json", 400, "malformed"),
        (b'{"name": "\xff"}', "application/json", 400, "malformed"),
        (b"[" * 100_000, "application/json", 400, "malformed"),
        (b'{"name": ', "application/json", 400, "malformed"),
        (b'{"name": "x"}', "text/plain", 415, "unsupported-media-type"),
        (b'{"name": "\\u0000"}', "application/json", 422, "invalid"),
        (b'{"name": "x", "colour": 1}', "application/json", 422, "invalid"),
        (b'{"description": "' + b"x" * 1_100_000 + b'"}', "application/json", 413, "too-large"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(
    owner: httpx.AsyncClient, content: bytes, media_type: str, status: int, slug: str
) -> None:
    answer = await owner.post("/v1/parameters", content=content, headers={"Content-Type": media_type})
    assert problem_of(answer) == (status, slug)


async def test_what_has_no_address_or_no_such_method_is_a_problem_too(owner: httpx.AsyncClient) -> None:
    assert problem_of(await owner.get("/v1/nothing")) == (404, "no-such-address")
    answer = await owner.put("/v1/configurations")
    assert problem_of(answer) == (405, "method-not-allowed")
    assert "GET" in answer.headers["allow"]


async def test_every_answer_has_its_id_and_its_headers_and_a_line_in_the_log(
    owner: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="core.llms.server.access")
    answer = await owner.get(f"/v1/me?api_key={CANARY}", headers={"X-Request-Id": "mine-1"})
    assert answer.headers["x-request-id"] == "mine-1"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in answer.headers
    other = await owner.get("/v1/me", headers={"X-Request-Id": "two words\t"})
    assert other.headers["x-request-id"] != "two words\t"
    (line, _) = [record.getMessage() for record in caplog.records if record.name == "core.llms.server.access"]
    assert line.startswith('127.0.0.1 ann "GET /v1/me" 200 ')
    assert line.endswith(" mine-1")
    assert CANARY not in line


async def test_probes_need_no_token_and_readiness_needs_the_database(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")

    async def ask(app: FastAPI, path: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api.test") as client:
            return await client.get(path)

    app = create_app(ProviderConfigService(database), openapi=False)
    assert (await ask(app, "/healthz")).json() == {"status": "alive"}
    # There are no tables yet.
    assert problem_of(await ask(app, "/readyz")) == (503, "not-configured")
    await database.upgrade()
    assert (await ask(create_app(ProviderConfigService(database)), "/readyz")).json() == {"status": "ready"}
    assert problem_of(await ask(app, "/openapi.json")) == (404, "no-such-address")
    await database.aclose()


async def test_no_secret_of_a_credential_comes_back(new_client: NewClient, owner: httpx.AsyncClient) -> None:
    manager = await new_client("carl", Role.CREDENTIAL_MANAGER)
    body = {"name": "team", "provider": "openai", "secrets": {"api_key": CANARY}}
    made = await manager.post("/v1/credentials", json=body)
    again = await manager.post("/v1/credentials", json=body)
    assert (made.status_code, again.status_code, again.json()) == (201, 200, made.json())
    other = await manager.post("/v1/credentials", json={**body, "secrets": {"api_key": f"{CANARY}2"}})
    wrong = await manager.post("/v1/credentials", json={**body, "secrets": {"colour": CANARY}})
    nested = await manager.post("/v1/credentials", json={**body, "secrets": {"api_key": [CANARY]}})
    put = f"{made.headers['location']}/secrets"
    stale = await manager.put(put, json={"secrets": {"api_key": f"{CANARY}3"}}, headers={"If-Match": '"9"'})
    replaced = await manager.put(
        put, json={"secrets": {"api_key": f"{CANARY}4"}}, headers={"If-Match": made.headers["etag"]}
    )
    answers = [made, other, wrong, nested, stale, replaced, await manager.get("/v1/credentials")]
    assert [answer.status_code for answer in answers] == [201, 409, 422, 422, 412, 200, 200]
    rotated = await manager.post("/v1/encryption-keys/rotate")
    assert rotated.json() == {"key_id": "test", "rewrapped": 0, "failures": {}}
    answers += [rotated, await owner.get("/v1/audit/entries"), await owner.get("/v1/encryption-keys")]
    assert [answer.text for answer in answers if CANARY in answer.text] == []
    etag = replaced.headers["etag"]
    assert (await manager.delete(made.headers["location"], headers={"If-Match": etag})).status_code == 204


async def test_a_part_of_a_query_that_is_given_twice_is_refused(owner: httpx.AsyncClient) -> None:
    answer = await owner.get("/v1/configurations?provider=openai&provider=groq&limit=2")
    assert problem_of(answer) == (422, "invalid")
    assert [error["parameter"] for error in answer.json()["errors"]] == ["provider"]
    assert (await owner.get("/v1/usage?group_by=day&group_by=model")).status_code == 200
