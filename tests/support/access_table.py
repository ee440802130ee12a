"""Every method of the services of stored configurations: what an actor needs to call it, and how it is called."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from core.llms.provider_config.access.operations import EVERYTHING, Operation, Scope
from core.llms.provider_config.access.roles import OPERATIONS, Role
from core.llms.provider_config.errors import AccessDeniedError
from core.llms.provider_config.schemas import LLMParametersCreate, PromptTemplateCreate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.provider_config.transfer.document import ConfigurationEntry, Document
from core.llms.provider_config.transfer.report import ImportRefusedError
from core.llms.provider_config.verification import CallVerifier
from core.llms.storage.usage_store import DatabaseUsageStore
from core.llms.types.usage_totals import UsageKey, UsageTotals

ORGANISATION, WORKSPACE, PROVIDER, MODEL = "acme", "search", "openai", "gpt-4.1-mini"
OWNER: Final[Mapping[str, Any]] = {"organisation": ORGANISATION, "workspace": WORKSPACE}
# It is to be seen nowhere, and looks like no secret that masks know.
ACCOUNT_SECRET: Final = "kanari-7f3a91c2"
AT_MODEL: Final = Scope(ORGANISATION, WORKSPACE, PROVIDER, MODEL)
AT_PROVIDER: Final = Scope(ORGANISATION, WORKSPACE, PROVIDER)
AT_WORKSPACE: Final = Scope(ORGANISATION, WORKSPACE)
# Of each level one that covers what the calls are about, and one beside it.
SCOPES: Final[Mapping[str, Scope]] = {
    "everything": EVERYTHING,
    "its organisation": Scope(ORGANISATION),
    "its workspace": AT_WORKSPACE,
    "its provider": AT_PROVIDER,
    "its model": AT_MODEL,
    "another organisation": Scope("other"),
    "another workspace": Scope(ORGANISATION, "other"),
    "another provider": Scope(provider="anthropic"),
    "another model": Scope(ORGANISATION, WORKSPACE, PROVIDER, "gpt-4o"),
}
Run: TypeAlias = Callable[[ProviderConfigService, str], Awaitable[object]]


@dataclass(frozen=True)
class Call:
    """A call that an actor makes who needs `needs` within `target`. `prepare` makes it possible again and again."""

    method: str
    needs: frozenset[Operation]
    target: Scope
    run: Run
    prepare: Callable[[ProviderConfigService], Awaitable[object]] | None = None

    def is_allowed(self, role: Role, scope: Scope) -> bool:
        """Tell whether a role within a scope is enough."""
        return OPERATIONS[role] >= self.needs and scope.covers(self.target)

    def is_denied(self, role: Role, scope: Scope) -> bool:
        """Tell whether the denial of a role within a scope forbids it to whoever else may do everything."""
        return bool(OPERATIONS[role] & self.needs) and scope.overlaps(self.target)


async def fill(service: ProviderConfigService) -> None:
    """Store what the calls are about."""
    parameters = LLMParametersCreate(name="calm", temperature=0.2)
    template = PromptTemplateCreate(name="plain", system_prompt="Be brief.")
    await service.credentials.create("account", PROVIDER, {"api_key": ACCOUNT_SECRET}, **OWNER)
    await service.register_provider_model(PROVIDER, MODEL, parameters, template, alias="fast", verify=False, **OWNER)
    await service.update_provider_model(PROVIDER, MODEL, {"description": "changed once"})
    key = UsageKey(datetime(2026, 11, 1, tzinfo=UTC), PROVIDER, MODEL, "chat", "fast", "mallory", ())
    await DatabaseUsageStore(service.database).add({key: UsageTotals(calls=1)})


async def _seen(found: Awaitable[Iterable[Any]]) -> None:
    """What lists what an actor may see does not show what the calls are about to one that may not."""
    names = {MODEL, f"{PROVIDER}/{MODEL}", "calm", "plain", "account", "somebody"}
    told = {getattr(one, field, None) for one in await found for field in ("model_id", "name", "subject")}
    if not told & names:
        raise AccessDeniedError("it is not shown", actor="", operation=Operation.READ, scope=EVERYTHING)


async def _list(service: ProviderConfigService, actor: str) -> tuple[Any, ...]:
    return (await service.list_providers(actor=actor)).providers


async def _changes(service: ProviderConfigService, actor: str) -> tuple[Any, ...]:
    changes = await service.read_changes(-1, actor=actor)
    assert changes is not None
    return changes[1]


async def _resolve(service: ProviderConfigService, actor: str) -> object:
    config = await service.get_provider_model(PROVIDER, MODEL)
    assert config is not None
    return await service.credentials.resolve(config, actor=actor)


async def _migrate(service: ProviderConfigService, actor: str) -> object:
    config = await service.get_provider_model(PROVIDER, MODEL)
    assert config is not None
    version = "responses" if config.provider_version == "chat" else "chat"
    plan = await service.plan_migration(PROVIDER, MODEL, to_version=version)
    return await service.migrate_provider_model(plan, verify=False, actor=actor)


async def _require(service: ProviderConfigService, actor: str) -> None:
    config = await service.get_provider_model(PROVIDER, MODEL)
    assert config is not None
    await service.require(Operation.USE, config, actor=actor)


async def _export(service: ProviderConfigService, actor: str) -> Iterable[Any]:
    return (await service.transfer.export(actor=actor)).configurations


async def _import(service: ProviderConfigService, actor: str) -> None:
    entry = ConfigurationEntry(
        provider_name=PROVIDER,
        model_id=MODEL,
        alias="fast",
        parameters="calm",
        prompt_template="plain",
        description=_fresh(),
        **OWNER,
    )
    try:
        await service.transfer.import_(Document(configurations=(entry,)), actor=actor)
    except ImportRefusedError as error:
        raise AccessDeniedError(str(error), actor=actor, operation=Operation.UPDATE, scope=AT_MODEL) from error


async def _revoke(service: ProviderConfigService, actor: str) -> None:
    grants = await service.access.list_grants("somebody")
    await service.access.revoke(grants[-1].id, actor=actor)


async def _others(service: ProviderConfigService, actor: str) -> list[Any]:
    return list(await service.access.list_grants("somebody", actor=actor))


async def _grant_somebody(service: ProviderConfigService) -> object:
    return await service.access.grant("somebody", Role.VIEWER, AT_MODEL)


async def _make_token(service: ProviderConfigService) -> object:
    return await service.tokens.create("somebody")


async def _revoke_token(service: ProviderConfigService, actor: str) -> None:
    tokens = await service.tokens.list_tokens("somebody")
    await service.tokens.revoke(tokens[-1].id, actor=actor)


async def _forget(service: ProviderConfigService, delete: Callable[[], Awaitable[object]]) -> None:
    try:
        await delete()
    except LookupError:
        return


def _without_second(service: ProviderConfigService) -> Awaitable[object]:
    return _forget(service, lambda: service.delete_provider_model(PROVIDER, "gpt-4.1-nano"))


def _without_parameters(service: ProviderConfigService) -> Awaitable[object]:
    return _forget(service, lambda: service.parameters.delete("spare"))


def _without_template(service: ProviderConfigService) -> Awaitable[object]:
    return _forget(service, lambda: service.prompt_templates.delete("spare"))


def _without_credential(service: ProviderConfigService) -> Awaitable[object]:
    return _forget(service, lambda: service.credentials.delete("spare"))


async def _with_spare_credential_alone(service: ProviderConfigService) -> None:
    await _forget(service, lambda: service.credentials.delete("renamed"))
    await service.credentials.create("spare", PROVIDER, {"api_key": ACCOUNT_SECRET}, **OWNER)


SPARE: Final = LLMParametersCreate(name="spare", temperature=0.5, **OWNER)
SPARE_TEMPLATE: Final = PromptTemplateCreate(name="spare", **OWNER)
_number = iter(range(1_000_000))


def _fresh() -> str:
    return f"change {next(_number)}"


def _calls() -> list[Call]:
    of_model: list[tuple[str, set[Operation], Run, Any]] = [
        ("get_provider_model", {Operation.READ}, lambda s, a: s.get_provider_model(PROVIDER, MODEL, actor=a), None),
        (
            "explain_parameters",
            {Operation.READ},
            lambda s, a: s.explain_parameters(PROVIDER, MODEL, actor=a),
            None,
        ),
        ("migrate_provider_model", {Operation.UPDATE}, _migrate, None),
        (
            "plan_migration",
            {Operation.READ},
            lambda s, a: s.plan_migration(PROVIDER, MODEL, to_model="gpt-4o", actor=a),
            None,
        ),
        ("get_by_alias", {Operation.READ}, lambda s, a: s.get_by_alias("fast", actor=a), None),
        ("list_providers", {Operation.READ}, lambda s, a: _seen(_list(s, a)), None),
        ("read_changes", {Operation.READ}, lambda s, a: _seen(_changes(s, a)), None),
        ("require", {Operation.USE}, _require, None),
        (
            "update_provider_model",
            {Operation.READ, Operation.UPDATE},
            lambda s, a: s.update_provider_model(PROVIDER, MODEL, {"description": _fresh()}, actor=a),
            None,
        ),
        (
            "update_provider_model",
            {Operation.READ, Operation.UPDATE},
            lambda s, a: s.update_provider_model(
                PROVIDER,
                MODEL,
                {},
                parameters={"description": _fresh()},
                prompt_template={"query_prefix": _fresh()},
                actor=a,
            ),
            None,
        ),
        (
            "update_provider_model",
            {Operation.READ, Operation.CONNECT},
            lambda s, a: s.update_provider_model(PROVIDER, MODEL, {"base_url": "https://x.example"}, actor=a),
            None,
        ),
        (
            "update_provider_model",
            {Operation.READ, Operation.ACTIVATE},
            lambda s, a: s.update_provider_model(PROVIDER, MODEL, {"is_active": True}, actor=a),
            None,
        ),
        (
            "verify_provider_model",
            {Operation.READ, Operation.VERIFY},
            lambda s, a: s.verify_provider_model(PROVIDER, MODEL, actor=a),
            None,
        ),
        ("revisions.history", {Operation.READ}, lambda s, a: s.revisions.history(PROVIDER, MODEL, actor=a), None),
        ("revisions.diff", {Operation.READ}, lambda s, a: s.revisions.diff(PROVIDER, MODEL, 1, 2, actor=a), None),
        (
            "revisions.rollback",
            {Operation.READ, Operation.UPDATE},
            lambda s, a: s.revisions.rollback(PROVIDER, MODEL, 2, actor=a),
            lambda s: s.update_provider_model(
                PROVIDER, MODEL, {"description": _fresh()}, parameters={"description": _fresh()}
            ),
        ),
        ("credentials.resolve", {Operation.USE}, _resolve, None),
        ("transfer.export", {Operation.READ}, lambda s, a: _seen(_export(s, a)), None),
        ("transfer.import_", {Operation.READ, Operation.UPDATE}, _import, None),
        (
            "usage.summarize",
            {Operation.READ_USAGE},
            lambda s, a: s.usage.summarize(provider=PROVIDER, model=MODEL, actor=a),
            None,
        ),
        ("parameters.get", {Operation.READ}, lambda s, a: s.parameters.get("calm", actor=a), None),
        ("parameters.list_all", {Operation.READ}, lambda s, a: _seen(s.parameters.list_all(actor=a)), None),
        (
            "parameters.update",
            {Operation.UPDATE},
            lambda s, a: s.parameters.update("calm", {"description": _fresh()}, actor=a),
            None,
        ),
        ("prompt_templates.get", {Operation.READ}, lambda s, a: s.prompt_templates.get("plain", actor=a), None),
        ("prompt_templates.list_all", {Operation.READ}, lambda s, a: _seen(s.prompt_templates.list_all(actor=a)), None),
        (
            "prompt_templates.update",
            {Operation.UPDATE},
            lambda s, a: s.prompt_templates.update("plain", {"description": _fresh()}, actor=a),
            None,
        ),
        (
            "access.grant",
            {Operation.MANAGE_ACCESS, *OPERATIONS[Role.USER]},
            lambda s, a: s.access.grant("another", Role.USER, AT_MODEL, actor=a),
            None,
        ),
        (
            "access.deny",
            {Operation.MANAGE_ACCESS, *OPERATIONS[Role.USER]},
            lambda s, a: s.access.deny("another", Role.USER, AT_MODEL, actor=a),
            None,
        ),
        ("access.revoke", {Operation.MANAGE_ACCESS, *OPERATIONS[Role.VIEWER]}, _revoke, _grant_somebody),
        ("access.list_grants", {Operation.MANAGE_ACCESS}, lambda s, a: _seen(_others(s, a)), _grant_somebody),
        (
            "audit.list_entries",
            {Operation.READ_AUDIT},
            lambda s, a: _seen(s.audit.list_entries(name=f"{PROVIDER}/{MODEL}", actor=a)),
            None,
        ),
    ]
    of_second: list[tuple[str, set[Operation], Run, Any]] = [
        (
            "register_provider_model",
            {Operation.REGISTER},
            lambda s, a: s.register_provider_model(
                PROVIDER, "gpt-4.1-nano", SPARE, SPARE_TEMPLATE, verify=False, actor=a, **OWNER
            ),
            _clear_second,
        ),
        (
            "register_provider_model",
            {Operation.REGISTER, Operation.CONNECT},
            lambda s, a: s.register_provider_model(
                PROVIDER, "gpt-4.1-nano", SPARE, verify=False, actor=a, base_url="https://x.example", **OWNER
            ),
            _clear_second,
        ),
        (
            "delete_provider_model",
            {Operation.DELETE},
            lambda s, a: s.delete_provider_model(PROVIDER, "gpt-4.1-nano", actor=a),
            _make_second,
        ),
    ]
    of_provider: list[tuple[str, set[Operation], Run, Any]] = [
        (
            "credentials.create",
            {Operation.MANAGE_CREDENTIAL},
            lambda s, a: s.credentials.create("spare", PROVIDER, {"api_key": ACCOUNT_SECRET}, actor=a, **OWNER),
            _without_credential,
        ),
        (
            "credentials.replace",
            {Operation.MANAGE_CREDENTIAL},
            lambda s, a: s.credentials.replace("account", {"api_key": f"{ACCOUNT_SECRET}-{next(_number)}"}, actor=a),
            None,
        ),
        ("credentials.get", {Operation.READ_CREDENTIAL}, lambda s, a: s.credentials.get("account", actor=a), None),
        (
            "credentials.list_all",
            {Operation.READ_CREDENTIAL},
            lambda s, a: _seen(s.credentials.list_all(actor=a)),
            None,
        ),
        (
            "credentials.read_secrets",
            {Operation.READ_SECRET},
            lambda s, a: s.credentials.read_secrets("account", actor=a),
            None,
        ),
        (
            "credentials.rename",
            {Operation.MANAGE_CREDENTIAL},
            lambda s, a: s.credentials.rename("spare", "renamed", actor=a),
            _with_spare_credential_alone,
        ),
        (
            "credentials.delete",
            {Operation.MANAGE_CREDENTIAL},
            lambda s, a: s.credentials.delete("spare", actor=a),
            lambda s: s.credentials.create("spare", PROVIDER, {"api_key": ACCOUNT_SECRET}, **OWNER),
        ),
    ]
    of_workspace: list[tuple[str, set[Operation], Run, Any]] = [
        ("parameters.create", {Operation.REGISTER}, lambda s, a: s.parameters.create(SPARE, actor=a), _clear_second),
        ("parameters.delete", {Operation.DELETE}, lambda s, a: s.parameters.delete("spare", actor=a), _make_spares),
        (
            "prompt_templates.create",
            {Operation.REGISTER},
            lambda s, a: s.prompt_templates.create(SPARE_TEMPLATE, actor=a),
            _clear_second,
        ),
        (
            "prompt_templates.delete",
            {Operation.DELETE},
            lambda s, a: s.prompt_templates.delete("spare", actor=a),
            _make_spares,
        ),
        (
            "revisions.parameters_history",
            {Operation.READ},
            lambda s, a: s.revisions.parameters_history("calm", actor=a),
            None,
        ),
        (
            "revisions.prompt_template_history",
            {Operation.READ},
            lambda s, a: s.revisions.prompt_template_history("plain", actor=a),
            None,
        ),
    ]
    of_users: list[tuple[str, set[Operation], Run, Any]] = [
        (
            "revisions.rollback_parameters",
            {Operation.READ, Operation.UPDATE},
            lambda s, a: s.revisions.rollback_parameters("calm", 1, actor=a),
            lambda s: s.parameters.update("calm", {"description": _fresh()}),
        ),
        (
            "revisions.rollback_prompt_template",
            {Operation.READ, Operation.UPDATE},
            lambda s, a: s.revisions.rollback_prompt_template("plain", 1, actor=a),
            lambda s: s.prompt_templates.update("plain", {"description": _fresh()}),
        ),
    ]
    of_everything: list[tuple[str, set[Operation], Run, Any]] = [
        ("credentials.rotate_keys", {Operation.ROTATE_KEYS}, lambda s, a: s.credentials.rotate_keys(actor=a), None),
        (
            "credentials.list_key_ids_in_use",
            {Operation.READ_CREDENTIAL},
            lambda s, a: s.credentials.list_key_ids_in_use(actor=a),
            None,
        ),
        ("audit.verify_audit_chain", {Operation.READ_AUDIT}, lambda s, a: s.audit.verify_audit_chain(actor=a), None),
        ("tokens.create", {Operation.MANAGE_ACCESS}, lambda s, a: s.tokens.create("another job", actor=a), None),
        (
            "tokens.list_tokens",
            {Operation.MANAGE_ACCESS},
            lambda s, a: _seen(s.tokens.list_tokens(actor=a)),
            _make_token,
        ),
        ("tokens.revoke", {Operation.MANAGE_ACCESS}, _revoke_token, _make_token),
    ]
    second = Scope(ORGANISATION, WORKSPACE, PROVIDER, "gpt-4.1-nano")
    groups = (
        (AT_MODEL, of_model),
        (AT_MODEL, of_users),
        (second, of_second),
        (AT_PROVIDER, of_provider),
        (AT_WORKSPACE, of_workspace),
        (EVERYTHING, of_everything),
    )
    return [
        Call(method, frozenset(needs), target, run, prepare)
        for target, group in groups
        for method, needs, run, prepare in group
    ]


async def _clear_second(service: ProviderConfigService) -> None:
    await _without_second(service)
    await _without_parameters(service)
    await _without_template(service)


async def _make_spares(service: ProviderConfigService) -> None:
    await _clear_second(service)
    await service.parameters.create(SPARE)
    await service.prompt_templates.create(SPARE_TEMPLATE)


async def _make_second(service: ProviderConfigService) -> None:
    await _clear_second(service)
    await service.register_provider_model(PROVIDER, "gpt-4.1-nano", SPARE, verify=False, **OWNER)


CALLS: Final = tuple(_calls())
# One call for each operation.
REPRESENTATIVES: Final = tuple({call.needs: call for call in reversed(CALLS) if len(call.needs) == 1}.values())
# What anybody may ask: what they may do themselves.
FREE: Final = frozenset({"access.may", "access.require_some", "tokens.authenticate"})
# What finds out who an actor is.
WITHOUT_ACTOR: Final = frozenset({"tokens.authenticate"})


def public_methods(service: ProviderConfigService) -> dict[str, Callable[..., Any]]:
    """Return every public method of the service and of the services in it, by its dotted name."""
    found = dict(_methods(service, ""))
    for name, inner in vars(service).items():
        is_service = not name.startswith("_") and not isinstance(inner, CallVerifier)
        if is_service and type(inner).__module__.startswith("core.llms.provider_config"):
            found |= _methods(inner, f"{name}.")
    return found


def _methods(owner: object, prefix: str) -> dict[str, Callable[..., Any]]:
    members = inspect.getmembers(owner, inspect.iscoroutinefunction)
    return {f"{prefix}{name}": method for name, method in members if not name.startswith("_")}
