"""Every route for every role, within scopes that cover what is asked for and beside it: allowed, or refused."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.access.operations import EVERYTHING, Operation, Scope
from core.llms.provider_config.access.permissions import Grant, Permissions
from core.llms.provider_config.access.roles import OPERATIONS, Role
from core.llms.provider_config.credentials.encryption_keys import EncryptionKey
from core.llms.provider_config.credentials.key_sources import StaticKeys
from core.llms.provider_config.schemas import ProviderModelConfigResponse
from core.llms.provider_config.server import create_app
from core.llms.provider_config.server.declarations import OPERATIONS as DECLARED
from core.llms.provider_config.server.declarations import PUBLIC
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database
from tests.support.access_table import ACCOUNT_SECRET, AT_MODEL, AT_PROVIDER, AT_WORKSPACE, OWNER, SCOPES, fill

MODEL = "/v1/configurations/openai/gpt-4.1-mini"
# Allowed, it is refused as stale: nothing changes for the next one who asks.
STALE = {"If-Match": '"999"'}
ANY = {"If-Match": "*"}
AT_NEW = Scope(AT_MODEL.organisation, AT_MODEL.workspace, "openai", "gpt-4o")
_SPARE = {"name": "calm", "temperature": 0.2, **OWNER}


@dataclass(frozen=True)
class Asked:
    """A request, what it needs within which scope, and for a list the part of an answer that shows it was allowed.

    `prepare` makes it possible again and again.
    """

    operation_id: str
    method: str
    path: str
    needs: frozenset[Operation]
    target: Scope
    json: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    shows: str | None = None
    prepare: Callable[[ProviderConfigService], Awaitable[None]] | None = None


def ask(
    operation_id: str,
    method: str,
    path: str,
    target: Scope,
    *given: Operation,
    needs: Iterable[Operation] = (),
    **more: Any,
) -> Asked:
    return Asked(operation_id, method, path, frozenset((*given, *needs)), target, **more)


def _document(entry: dict[str, Any]) -> dict[str, Any]:
    return {"core_llms_providers": 1, "configurations": {"openai/gpt-4.1-mini": entry}}


async def _without_version(service: ProviderConfigService) -> None:
    await service.update_provider_model("openai", "gpt-4.1-mini", {"provider_version": None})


async def _change_rows(service: ProviderConfigService) -> None:
    await service.parameters.update("calm", {"temperature": 0.3})
    await service.prompt_templates.update("plain", {"query_prefix": "Q:"})


def _asked() -> Iterator[Asked]:
    read, update, connect = Operation.READ, Operation.UPDATE, Operation.CONNECT
    manage = Operation.MANAGE_CREDENTIAL
    users = OPERATIONS[Role.USER]
    registration = {
        "provider_name": "openai", "model_id": "gpt-4.1-mini", "parameters_name": "calm", "verify": False, **OWNER,
    }  # fmt: skip
    yield ask("list_configurations", "GET", "/v1/configurations", AT_MODEL, read, shows="gpt-4.1-mini")
    yield ask("get_configuration", "GET", MODEL, AT_MODEL, read)
    # It is there with other values: whoever may register, and sees that, is told so.
    yield ask("register_configuration", "POST", "/v1/configurations", AT_MODEL, read, json=registration)
    new = {**registration, "model_id": "gpt-4o", "alias": "fast", "parameters_name": None, "parameters": _SPARE}
    yield ask("register_configuration", "POST", "/v1/configurations", AT_NEW, Operation.REGISTER, json=new)
    yield ask("update_configuration", "PATCH", MODEL, AT_MODEL, read, update, json={"description": "x"}, headers=STALE)
    yield ask("update_configuration", "PATCH", MODEL, AT_MODEL, read, connect, json={"base_url": None}, headers=STALE)
    switch = {"is_active": False}
    yield ask("update_configuration", "PATCH", MODEL, AT_MODEL, read, Operation.ACTIVATE, json=switch, headers=STALE)
    yield ask("delete_configuration", "DELETE", MODEL, AT_MODEL, Operation.DELETE, headers=STALE)
    yield ask("verify_configuration", "POST", f"{MODEL}/verify", AT_MODEL, read, Operation.VERIFY)
    yield ask("list_configuration_revisions", "GET", f"{MODEL}/revisions", AT_MODEL, read)
    yield ask("get_configuration_revision", "GET", f"{MODEL}/revisions/1", AT_MODEL, read)
    yield ask("diff_configuration_revisions", "GET", f"{MODEL}/revisions/1/diff", AT_MODEL, read)
    back = f"{MODEL}/revisions/2/rollback"
    yield ask("roll_configuration_back", "POST", back, AT_MODEL, read, update)
    yield ask("explain_configuration", "GET", f"{MODEL}/explain", AT_MODEL, read)
    another = {"to_version": "responses", "verify": False}
    yield ask("plan_migration", "POST", f"{MODEL}/migration/plan", AT_MODEL, read, json={"to_model": "gpt-4o"})
    migrate: dict[str, Any] = {
        "method": "POST",
        "path": f"{MODEL}/migration/apply",
        "headers": ANY,
        "prepare": _without_version,
    }
    yield ask("apply_migration", target=AT_MODEL, needs=(read, update), json=another, **migrate)
    verified = {**another, "verify": True}
    yield ask("apply_migration", target=AT_MODEL, needs=(read, update, Operation.VERIFY), json=verified, **migrate)
    yield ask("list_health", "GET", "/v1/health", AT_MODEL, read, shows="gpt-4.1-mini")
    yield ask("get_configuration_health", "GET", f"{MODEL}/health", AT_MODEL, read)
    yield ask("list_configuration_health_checks", "GET", f"{MODEL}/health/checks", AT_MODEL, read)
    yield ask("check_configuration_health", "POST", f"{MODEL}/health/checks", AT_MODEL, read, Operation.VERIFY)
    yield ask("list_parameters", "GET", "/v1/parameters", AT_MODEL, read, shows="calm")
    yield ask("get_parameter_set", "GET", "/v1/parameters/calm", AT_MODEL, read)
    yield ask("create_parameter_set", "POST", "/v1/parameters", AT_WORKSPACE, Operation.REGISTER, json=_SPARE)
    changed = {"description": "x"}
    yield ask("update_parameter_set", "PATCH", "/v1/parameters/calm", AT_MODEL, update, json=changed, headers=STALE)
    yield ask("delete_parameter_set", "DELETE", "/v1/parameters/calm", AT_WORKSPACE, Operation.DELETE, headers=STALE)
    yield from _of_history("parameter_set", "/v1/parameters/calm/revisions")
    plain = "/v1/prompt-templates/plain"
    template = {"name": "plain", "system_prompt": "Be brief.", **OWNER}
    yield ask("list_prompt_templates", "GET", "/v1/prompt-templates", AT_MODEL, read, shows="plain")
    yield ask("get_prompt_template", "GET", plain, AT_MODEL, read)
    yield ask("create_prompt_template", "POST", "/v1/prompt-templates", AT_WORKSPACE, Operation.REGISTER, json=template)
    yield ask("update_prompt_template", "PATCH", plain, AT_MODEL, update, json=changed, headers=STALE)
    yield ask("delete_prompt_template", "DELETE", plain, AT_WORKSPACE, Operation.DELETE, headers=STALE)
    yield from _of_history("prompt_template", f"{plain}/revisions")
    yield ask("export_configurations", "GET", "/v1/export", AT_MODEL, read, shows="openai/gpt-4.1-mini")
    dry_run = "/v1/import?dry_run=true"
    entry = {"alias": "fast", "parameters": "calm", "prompt_template": "plain", **OWNER}
    imported: dict[str, Any] = {"method": "POST", "target": AT_MODEL, "shows": '"outcome":"changed"'}
    other = _document({**entry, "description": "x"})
    yield ask("import_configurations", path=dry_run, needs=(read, update), json=other, **imported)
    asking = f"{dry_run}&verify=true"
    needs = (read, update, Operation.VERIFY)
    yield ask("import_configurations", path=asking, needs=needs, json=other, **imported)
    off = _document({**entry, "description": "changed once", "is_active": False})
    yield ask("import_configurations", path=dry_run, needs=(read, Operation.ACTIVATE), json=off, **imported)
    account = "/v1/credentials/account"
    secrets = {"secrets": {"api_key": ACCOUNT_SECRET}}
    stored = {"name": "account", "provider": "openai", **secrets, **OWNER}
    yield ask(
        "list_credentials", "GET", "/v1/credentials", AT_PROVIDER, Operation.READ_CREDENTIAL, shows="fingerprints"
    )
    yield ask("get_credential", "GET", account, AT_PROVIDER, Operation.READ_CREDENTIAL)
    yield ask("create_credential", "POST", "/v1/credentials", AT_PROVIDER, manage, json=stored)
    yield ask(
        "replace_credential_secrets", "PUT", f"{account}/secrets", AT_PROVIDER, manage, json=secrets, headers=STALE
    )
    yield ask("delete_credential", "DELETE", account, AT_PROVIDER, manage, headers=STALE)
    yield ask("list_encryption_keys", "GET", "/v1/encryption-keys", EVERYTHING, Operation.READ_CREDENTIAL)
    yield ask("rotate_encryption_keys", "POST", "/v1/encryption-keys/rotate", EVERYTHING, Operation.ROTATE_KEYS)
    yield ask("summarize_usage", "GET", "/v1/usage?model=gpt-4.1-mini", AT_MODEL, Operation.READ_USAGE)
    grant = {"subject": "somebody", "role": "user", "scope": {**OWNER, "provider": "openai", "model": "gpt-4.1-mini"}}
    yield ask("create_grant", "POST", "/v1/grants", AT_MODEL, Operation.MANAGE_ACCESS, *users, json=grant)
    yield ask("list_grants", "GET", "/v1/grants", AT_MODEL, Operation.MANAGE_ACCESS, shows='"somebody"')
    token = {"subject": "another"}
    yield ask("create_token", "POST", "/v1/tokens", EVERYTHING, Operation.MANAGE_ACCESS, json=token)
    yield ask("list_tokens", "GET", "/v1/tokens", EVERYTHING, Operation.MANAGE_ACCESS, shows='"somebody"')
    entries = "/v1/audit/entries?name=openai/gpt-4.1-mini"
    yield ask("list_audit_entries", "GET", entries, AT_MODEL, Operation.READ_AUDIT, shows="sequence")
    yield ask("verify_audit", "POST", "/v1/audit/verify", EVERYTHING, Operation.READ_AUDIT)


def _of_history(thing: str, revisions: str) -> Iterator[Asked]:
    yield ask(f"list_{thing}_revisions", "GET", revisions, AT_WORKSPACE, Operation.READ)
    yield ask(f"get_{thing}_revision", "GET", f"{revisions}/1", AT_WORKSPACE, Operation.READ)
    yield ask(f"diff_{thing}_revisions", "GET", f"{revisions}/1/diff", AT_WORKSPACE, Operation.READ)
    # Of a model's own rows that model's role is enough.
    yield ask(f"roll_{thing}_back", "POST", f"{revisions}/1/rollback", AT_MODEL, Operation.UPDATE, prepare=_change_rows)


ASKED = tuple(_asked())
# What every valid token is enough for, and what concerns a row that a request of the table would take away.
BESIDES = {
    "get_caller": (), "list_roles": (), "list_presets": (), "get_grant": (), "get_token": (),
    "revoke_grant": (Operation.MANAGE_ACCESS,), "revoke_token": (Operation.MANAGE_ACCESS,),
}  # fmt: skip


# The narrowest scope that covers what is asked for, and the widest that does not, or one beside it.
TELLING = {
    AT_MODEL: {"its model", "another model"},
    AT_NEW: {"another model", "its model"},
    AT_PROVIDER: {"its provider", "another provider"},
    AT_WORKSPACE: {"its workspace", "another workspace"},
    EVERYTHING: {"everything", "its organisation"},
}


class Answering:
    """A provider that answers for everything: it is not what is asked here."""

    async def verify(self, config: ProviderModelConfigResponse) -> None:
        return None


@dataclass(frozen=True)
class Served:
    """One application over one database for all roles: what each may do changes nothing of what another sees."""

    service: ProviderConfigService
    app: FastAPI


@pytest.fixture(scope="module")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Served:
    # On both kinds of database the same is asked of the service itself.
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("access") / "access.db")
    keys = StaticKeys({"test": EncryptionKey.generate()})
    service = ProviderConfigService(Database(f"sqlite:///{path}"), verifier=Answering(), keys=keys)

    async def prepare() -> None:
        async with service.database:
            await fill(service)
            await service.access.grant("somebody", Role.USER, AT_MODEL)
            await service.tokens.create("somebody")

    asyncio.run(prepare())
    return Served(service, create_app(service))


def routes(app: FastAPI) -> dict[str, dict[str, Any]]:
    """What every route of the application says of itself."""
    operations = (one for path in app.openapi()["paths"].values() for one in path.values())
    return {operation["operationId"]: operation for operation in operations}


def test_every_route_says_what_it_needs_and_the_table_asks_for_all_of_it(service: ProviderConfigService) -> None:
    found = routes(create_app(service))
    declared = {name: set(route[DECLARED]) for name, route in found.items() if not route.get(PUBLIC)}
    assert {name for name, route in found.items() if route.get(PUBLIC)} == {"get_liveness", "get_readiness"}
    asked = {name: set(needs) for name, needs in BESIDES.items()}
    for one in ASKED:
        asked.setdefault(one.operation_id, set()).update(one.needs)
    assert set(asked) == set(declared)
    for name, needs in declared.items():
        # Where things are changed they are seen, too; and who grants a role has it.
        assert asked[name] >= needs - {"connect", "register"}, name


def test_no_route_is_left_out_of_the_description(service: ProviderConfigService) -> None:
    app = create_app(service)
    assert all(route.include_in_schema for route in app.routes if isinstance(route, APIRoute))


async def require_what_it_says(served: Served, role: Role, is_asked: Callable[[str, Asked], bool]) -> None:
    """Ask, within each scope, as an actor with a role."""
    service, name = served.service, f"mallory, {role}"
    async with service.database:
        token = (await service.tokens.create(name)).text.get_secret_value()
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(served.app),
            base_url="http://api.test",
            headers={"Authorization": f"Bearer {token}"},
        )
        async with client:
            for named, scope in SCOPES.items():
                grant = await service.access.grant(name, role, scope)
                allowed = Permissions(Actor(name), [Grant(1, name, role, scope)])
                for one in ASKED:
                    if is_asked(named, one):
                        wanted = all(allowed.may(operation, one.target) for operation in one.needs)
                        assert await is_done(client, service, one) == wanted, (named, one)
                await service.access.revoke(grant.id)


async def is_done(client: httpx.AsyncClient, service: ProviderConfigService, asked: Asked) -> bool:
    if asked.prepare is not None:
        await asked.prepare(service)
    answer = await client.request(asked.method, asked.path, json=asked.json, headers=asked.headers)
    assert answer.status_code < 500, answer.text
    if asked.shows:
        return asked.shows in answer.text
    assert answer.status_code not in (401, 422, 428), (asked, answer.text)
    return answer.status_code != 403


@pytest.mark.parametrize("role", Role)
async def test_a_role_allows_over_http_what_it_says(served: Served, role: Role) -> None:
    await require_what_it_says(served, role, lambda named, one: named in TELLING[one.target])


@pytest.mark.proof
@pytest.mark.parametrize("role", Role)
async def test_a_role_allows_over_http_what_it_says_within_every_scope(served: Served, role: Role) -> None:
    await require_what_it_says(served, role, lambda *_: True)


async def test_without_a_token_nothing_but_the_probes_answers(service: ProviderConfigService) -> None:
    app = create_app(service)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api.test") as client:
        for path, methods in app.openapi()["paths"].items():
            for method, route in methods.items():
                answer = await client.request(method, path.replace("{", "").replace("}", ""))
                assert answer.status_code == (200 if route.get(PUBLIC) else 401), (method, path)
                assert route.get(PUBLIC) or answer.headers["www-authenticate"] == 'Bearer realm="core-llms"'
