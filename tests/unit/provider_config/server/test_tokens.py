"""API tokens: what is stored of them, who makes which, and that whatever is wrong with one sounds the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from core.llms.provider_config.access.operations import Scope
from core.llms.provider_config.access.roles import Role
from core.llms.provider_config.errors import AccessDeniedError, ConfigValidationError, TokenRefusedError
from core.llms.provider_config.models import ApiToken
from core.llms.provider_config.server.throttle import BURST, SECONDS_EACH, LoginThrottle
from core.llms.provider_config.service import ProviderConfigService
from core.llms.runtime.secret_patterns import mask_secrets
from core.llms.types.secrets import Secret
from tests.support.clocks import Clock
from tests.unit.provider_config.server.conftest import NewClient, problem_of


async def rows(service: ProviderConfigService) -> list[dict[str, Any]]:
    async with service.database.reading() as session:
        return [dict(row._mapping) for row in await session.execute(select(ApiToken.__table__))]


async def set_column(service: ProviderConfigService, **values: Any) -> None:
    async with service.database.transaction() as session:
        await session.execute(update(ApiToken).values(**values))


async def test_of_a_token_only_a_digest_is_stored_and_it_is_shown_once(
    owner: httpx.AsyncClient, service: ProviderConfigService
) -> None:
    made = await owner.post("/v1/tokens", json={"subject": "job", "description": "nightly"})
    assert made.status_code == 201
    text = made.json()["token"]
    token_id, secret = text.removeprefix("cllm_").split("_")
    assert (made.json()["id"], made.json()["created_by"]) == (token_id, "ann")
    assert made.headers["location"] == f"/v1/tokens/{token_id}"
    seen = [(await owner.get(path)).text for path in ("/v1/tokens", made.headers["location"], "/v1/audit/entries")]
    assert all(token_id in answer and secret not in answer for answer in seen)
    stored = repr(await rows(service))
    assert token_id in stored
    assert secret not in stored
    assert mask_secrets(f"got {text}!") == f"got cllm_{token_id}_**********!"
    assert secret not in repr(await service.tokens.create("job"))


async def test_a_token_acts_as_its_subject_alone(new_client: NewClient, service: ProviderConfigService) -> None:
    viewer = await new_client("vera", Role.VIEWER, Scope(workspace="search"))
    me = (await viewer.get("/v1/me")).json()
    assert (me["subject"], [grant["scope"]["workspace"] for grant in me["grants"]]) == ("vera", ["search"])
    assert problem_of(await viewer.post("/v1/tokens", json={"subject": "vera"})) == (403, "access-denied")
    entry = (await service.audit.list_entries(outcome="denied"))[0]
    assert (entry.actor, entry.name) == ("vera", "manage_access")


@pytest.mark.parametrize("wrong", ["unknown", "other secret", "expired", "revoked", "malformed", "empty"])
async def test_whatever_is_wrong_with_a_token_the_answer_is_the_same(
    new_client: NewClient, service: ProviderConfigService, wrong: str
) -> None:
    client = await new_client("ann", Role.OWNER)
    text = client.headers["authorization"].removeprefix("Bearer ")
    if wrong == "expired":
        await set_column(service, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    if wrong == "revoked":
        assert (await client.delete(f"/v1/tokens/{text.split('_')[1]}")).status_code == 204
    given = {
        "unknown": f"cllm_{'0' * 16}_{'0' * 48}", "other secret": text[:-1] + ("0" if text[-1] != "0" else "1"),
        "malformed": "x" * 5_000, "empty": "",
    }.get(wrong, text)  # fmt: skip
    answer = await client.get("/v1/me", headers={"Authorization": f"Bearer {given}"})
    assert problem_of(answer) == (401, "unauthenticated")
    assert answer.json()["detail"] == "the API token is unknown, expired or revoked"
    assert answer.headers["www-authenticate"] == 'Bearer realm="core-llms", error="invalid_token"'


async def test_its_use_is_written_down_at_most_once_a_minute(service: ProviderConfigService) -> None:
    made = await service.tokens.create("job")
    await service.tokens.authenticate(made.text)
    first = (await rows(service))[0]["last_used"]
    await service.tokens.authenticate(made.text)
    assert (await rows(service))[0]["last_used"] == first is not None
    await set_column(service, last_used=first - timedelta(seconds=61))
    await service.tokens.authenticate(made.text)
    assert (await rows(service))[0]["last_used"] >= first


async def test_nobody_makes_a_token_for_one_who_may_do_more(service: ProviderConfigService) -> None:
    await service.access.grant("admin", Role.ADMIN)
    await service.access.grant("reader", Role.SECRET_READER, Scope(workspace="search"))
    with pytest.raises(AccessDeniedError, match="may not read secret"):
        await service.tokens.create("reader", actor="admin")
    assert (await service.tokens.create("viewer", actor="admin")).token.created_by == "admin"
    await service.access.grant("local", Role.ADMIN, Scope(workspace="search"))
    with pytest.raises(AccessDeniedError):
        await service.tokens.create("viewer", actor="local")


async def test_one_sees_and_revokes_ones_own_tokens(new_client: NewClient, service: ProviderConfigService) -> None:
    own = await new_client("vera")
    other = await service.tokens.create("ann")
    listed = (await own.get("/v1/tokens")).json()["items"]
    assert [token["subject"] for token in listed] == ["vera"]
    assert problem_of(await own.delete(f"/v1/tokens/{other.token.id}")) == (403, "access-denied")
    assert problem_of(await own.get(f"/v1/tokens/{other.token.id}")) == (404, "not-found")
    assert (await own.delete(f"/v1/tokens/{listed[0]['id']}")).status_code == 204
    assert (await own.get("/v1/me")).status_code == 401


async def test_a_token_that_would_be_wrong_is_not_made(
    owner: httpx.AsyncClient, service: ProviderConfigService
) -> None:
    past = {"subject": "job", "expires_at": "2020-01-01T00:00:00Z"}
    for body in (past, {"subject": "system"}, {"subject": " job"}, {"subject": "job", "expires_at": "2099-01-01"}):
        assert problem_of(await owner.post("/v1/tokens", json=body)) == (422, "invalid")
    with pytest.raises(ConfigValidationError, match="time zone"):
        await service.tokens.create("job", expires_at=datetime(2099, 1, 1))
    assert len(await rows(service)) == 1


async def test_an_address_that_fails_too_often_has_to_wait_but_a_right_token_passes(
    new_client: NewClient, service: ProviderConfigService
) -> None:
    client = await new_client("ann", Role.OWNER)
    assert (await client.get("/v1/me")).status_code == 200
    wrong = {"Authorization": f"Bearer cllm_{'0' * 16}_{'0' * 48}"}
    statuses = [(await client.get("/v1/me", headers=wrong)).status_code for _ in range(BURST + 1)]
    assert statuses == [401] * BURST + [429]
    refused = await client.get("/v1/me", headers=wrong)
    assert problem_of(refused) == (429, "too-many-failures")
    assert 1 <= int(refused.headers["retry-after"]) <= SECONDS_EACH
    assert (await client.get("/v1/me")).status_code == 200
    fresh = await service.tokens.create("ann")
    text = fresh.text.get_secret_value()
    assert (await client.get("/v1/me", headers={"Authorization": f"Bearer {text}"})).status_code == 429


def test_the_throttle_lets_an_address_try_again_and_forgets_old_ones() -> None:
    clock = Clock()
    throttle = LoginThrottle(clock)
    for _ in range(BURST):
        assert throttle.wait_seconds("10.0.0.1", None) == 0
        throttle.note_failure("10.0.0.1", None)
    assert throttle.wait_seconds("10.0.0.1", None) == SECONDS_EACH
    assert throttle.wait_seconds("10.0.0.2", None) == 0
    clock.now += SECONDS_EACH
    assert throttle.wait_seconds("10.0.0.1", None) == 0
    for _ in range(BURST):
        throttle.note_failure("2001:db8::1", None)
    # Of an IPv6 network a caller has every address.
    assert throttle.wait_seconds("2001:db8::2", None) > 0
    assert throttle.wait_seconds("2001:db8:0:1::1", None) == 0
    for number in range(10_001):
        throttle.note_failure(f"address {number}", None)
    assert throttle.wait_seconds("2001:db8::2", None) == 0


async def test_a_refused_token_is_not_in_the_error(service: ProviderConfigService) -> None:
    text = f"cllm_{'a' * 16}_{'b' * 48}"
    with pytest.raises(TokenRefusedError) as caught:
        await service.tokens.authenticate(Secret(text))
    assert "b" * 48 not in json.dumps([str(caught.value), repr(caught.value), repr(vars(caught.value))])
