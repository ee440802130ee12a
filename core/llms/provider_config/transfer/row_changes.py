"""What one entry of a `Document` does to its row, within a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, TypeAlias, TypeVar

from core.llms.provider_config.access.operations import DEFAULT_ORGANISATION, DEFAULT_WORKSPACE, Operation, Scope
from core.llms.provider_config.errors import ConfigExistsError, ConfigNotFoundError
from core.llms.provider_config.fitting import require_fitting_version
from core.llms.provider_config.health.switching import record_switch
from core.llms.provider_config.inheritance.rows import as_columns
from core.llms.provider_config.models import LLMParameters, PromptTemplate, ProviderModelConfig
from core.llms.provider_config.recording import Change
from core.llms.provider_config.registration import (
    CONNECTING,
    VERSIONING,
    require_alias,
    require_allowed,
    require_connectable,
    require_references,
    set_config,
)
from core.llms.provider_config.revisions.differences import FieldChange, compare
from core.llms.provider_config.revisions.snapshots import scope_of
from core.llms.provider_config.schemas import LLMParametersCreate, PromptTemplateCreate
from core.llms.provider_config.shared_access import require_read_shared, require_update_shared
from core.llms.provider_config.shared_rows import set_fields, wanted_fields
from core.llms.provider_config.transfer.document import ConfigurationEntry
from core.llms.provider_config.transfer.exporting import Row, secrets_of, seen_fields, stored_fields
from core.llms.provider_config.transfer.secrecy import keep_hidden

NamedT = TypeVar("NamedT", LLMParameters, PromptTemplate)
Mode: TypeAlias = Literal["merge", "create"]
# What changed, None where a row is new.
Changes: TypeAlias = tuple[FieldChange, ...] | None
_OWNER: Final = {"organisation": DEFAULT_ORGANISATION, "workspace": DEFAULT_WORKSPACE}
_OWN_FIELDS: Final = frozenset({"alias", "description", "base_url", "api_key_env", "settings", "provider_version"})


async def apply_named(
    change: Change, table: type[NamedT], wanted: LLMParametersCreate | PromptTemplateCreate, mode: Mode
) -> tuple[NamedT, Changes]:
    """Store parameters or a template. Raises `ConfigExistsError`, `AccessDeniedError`."""
    fields = _OWNER | wanted_fields(wanted)
    row = await change.repository.find_named(table, wanted.name)
    if row is None:
        own = Scope(fields["organisation"], fields["workspace"])
        change.permissions.require(Operation.REGISTER, own, is_named=True)
        row = table(**(await as_columns(change, fields) if table is LLMParameters else fields))
        await change.add(row)
        return row, None
    await require_read_shared(change, row)
    _require_owner(row, fields)
    before = seen_fields(row)
    changed = _differing(row, keep_hidden(fields, stored_fields(row), secrets_of(row)))
    if changed:
        _require_mode(mode, before, seen_fields(row) | changed)
        await require_update_shared(change, row)
        await set_fields(change, row, changed)
    return row, compare(before, seen_fields(row))


async def free_aliases(change: Change, entries: Iterable[ConfigurationEntry]) -> dict[tuple[str, str], dict[str, Any]]:
    """Take the aliases away that a document gives to others, so that two can change theirs for each other's.

    Return what the rows said before. What the actor may not change stays, to be refused where it is its turn.
    """
    before = {}
    for entry in entries:
        row = await change.repository.find_config(entry.provider_name, entry.model_id)
        if row is None or row.alias is None or row.alias == entry.alias:
            continue
        if change.permissions.may(Operation.UPDATE, scope_of(row)):
            before[entry.provider_name, entry.model_id] = seen_fields(row)
            await change.set(row, {"alias": None})
    return before


async def apply_configuration(
    change: Change, entry: ConfigurationEntry, mode: Mode, before: Mapping[str, Any] | None, *, is_held_back: bool
) -> tuple[ProviderModelConfig, Changes]:
    """Store a configuration; `before` is what it said before its alias was freed.

    With `is_held_back` a new one is not switched on yet. Raises `ProviderConfigError`.
    """
    row = await change.repository.find_config(entry.provider_name, entry.model_id)
    if row is None:
        return await _add(change, entry, is_active=not is_held_back and entry.is_active is not False), None
    change.permissions.require(Operation.READ, scope_of(row))
    _require_owner(row, {name: getattr(entry, name) for name in _OWNER})
    before = before or seen_fields(row)
    own = keep_hidden(entry.model_dump(include=set(_OWN_FIELDS)), stored_fields(row), secrets_of(row))
    wanted = {name: own[name] for name in _OWN_FIELDS} | await _find_used(change, entry)
    if entry.is_active is not None:
        wanted["is_active"] = entry.is_active
    changed = _differing(row, wanted)
    require_allowed(change, row, changed)
    await require_alias(change, entry.alias, row)
    await require_references(change, row, changed)
    await set_config(change, row, changed)
    if entry.is_active is not None:
        await record_switch(change, row)
    if not changed.keys().isdisjoint(VERSIONING):
        require_fitting_version(row, row.parameters)
    _require_mode(mode, before, seen_fields(row))
    return row, compare(before, seen_fields(row))


async def _add(change: Change, entry: ConfigurationEntry, *, is_active: bool) -> ProviderModelConfig:
    own = entry.model_dump(include={"provider_name", "model_id", *_OWNER, *_OWN_FIELDS})
    scope = Scope(entry.organisation, entry.workspace, entry.provider_name, entry.model_id)
    change.permissions.require(Operation.REGISTER, scope, is_named=True)
    await require_alias(change, entry.alias, None)
    used = await _find_used(change, entry)
    row = ProviderModelConfig(**own, **used, is_active=is_active)
    await require_connectable(change, row, {name: value for name in CONNECTING if (value := getattr(row, name))})
    require_fitting_version(row, await change.repository.find_by_id(LLMParameters, row.parameters_id))
    await change.add(row)
    return row


async def _find_used(change: Change, entry: ConfigurationEntry) -> dict[str, int | None]:
    return {
        "parameters_id": await _find_named(change, LLMParameters, entry.parameters, "parameters are"),
        "prompt_template_id": await _find_named(change, PromptTemplate, entry.prompt_template, "prompt template is"),
        "credential_id": await _find_credential(change, entry.credential),
    }


async def _find_named(change: Change, table: type[NamedT], name: str | None, what: str) -> int | None:
    if name is None:
        return None
    row = await change.repository.find_named(table, name)
    if row is None:
        raise ConfigNotFoundError(f"no {what} called {name!r}, neither in the document nor in the database")
    await require_read_shared(change, row)
    return row.id


async def _find_credential(change: Change, name: str | None) -> int | None:
    if name is None:
        return None
    row_id = await change.repository.find_credential_id(name)
    if row_id is None:
        raise ConfigNotFoundError(f"no credential is called {name!r}; store it first, then import")
    return row_id


def _differing(row: Row, wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if getattr(row, name) != value}


def _require_owner(row: Row, wanted: Mapping[str, Any]) -> None:
    if any(getattr(row, level) != wanted[level] for level in _OWNER):
        raise ConfigExistsError(
            f"it belongs to the workspace {row.workspace!r} of {row.organisation!r}, and is not moved: say so in its "
            "entry, or delete it first"
        )


def _require_mode(mode: Mode, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    changes = compare(before, after)
    if mode == "create" and changes:
        raise ConfigExistsError(f"it is there with other values ({'; '.join(map(str, changes))}); import with `merge`")
