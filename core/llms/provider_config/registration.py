"""What registering and changing a configuration asks of the rows that are there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from core.llms.create import list_providers
from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.changes import describe_differences, describe_validation, differences
from core.llms.provider_config.compatibility import check_compatibility
from core.llms.provider_config.errors import (
    ConfigExistsError,
    ConfigNotFoundError,
    ConfigValidationError,
    StaleConfigError,
)
from core.llms.provider_config.fitting import called_model_of, require_fitting_parameters, require_fitting_version
from core.llms.provider_config.models import Credential, LLMParameters, PromptTemplate, ProviderModelConfig
from core.llms.provider_config.recording import Change, Reading
from core.llms.provider_config.revisions.snapshots import scope_of
from core.llms.provider_config.schemas import (
    ProviderModelConfigCreate,
    ProviderModelConfigResponse,
)
from core.llms.provider_config.secret_settings import require_no_secrets
from core.llms.provider_config.shared_access import require_read_shared
from core.llms.provider_config.shared_rows import find_or_add, wanted_fields

_OF_OTHER_ROWS: Final = frozenset({"parameters", "parameters_id", "prompt_template", "prompt_template_id", "is_active"})
# They say which version of a provider's API is called.
VERSIONING: Final = frozenset({"provider_version", "settings"})
# They say where calls go, and with which secret.
CONNECTING: Final = frozenset({"base_url", "api_key_env", "credential_id", "settings"})
_TARGETING: Final = CONNECTING | VERSIONING


def read_create(**fields: Any) -> ProviderModelConfigCreate:
    """Read what is to be registered. Raises `ConfigValidationError`."""
    try:
        return ProviderModelConfigCreate(**fields)
    except ValidationError as error:
        raise ConfigValidationError(
            describe_validation(error), provider=str(fields["provider_name"]), model=str(fields["model_id"])
        ) from error


async def store_config(
    change: Change, wanted: ProviderModelConfigCreate, *, is_active: bool, must_be_new: bool = False
) -> ProviderModelConfig:
    """Return the configuration that is stored with these very values, or store it.

    Raises `ConfigExistsError` where something else has one of its names, and with `must_be_new` where it is stored.
    """
    assert wanted.parameters is not None
    fields = wanted.model_dump(exclude=set(_OF_OTHER_ROWS))
    stored = await change.repository.find_config(wanted.provider_name, wanted.model_id)
    if stored is not None:
        change.permissions.require(Operation.READ, scope_of(stored))
        _require_same(stored, wanted, fields)
        if must_be_new:
            raise ConfigExistsError("it is registered already", provider=stored.provider_name, model=stored.model_id)
        return stored
    row = ProviderModelConfig(**fields, is_active=is_active)
    scope = scope_of(row)
    change.permissions.require(Operation.REGISTER, scope, is_named=True)
    await require_alias(change, wanted.alias, None)
    await require_connectable(change, row, {name: fields[name] for name in CONNECTING if fields[name]})
    row.parameters = await find_or_add(change, LLMParameters, wanted.parameters, scope)
    require_fitting_version(row, row.parameters)
    if wanted.prompt_template is not None:
        row.prompt_template = await find_or_add(change, PromptTemplate, wanted.prompt_template, scope)
    await change.add(row)
    return row


def _require_same(stored: ProviderModelConfig, wanted: ProviderModelConfigCreate, fields: Mapping[str, Any]) -> None:
    assert wanted.parameters is not None
    changes = differences(stored, fields) | differences(stored.parameters, wanted_fields(wanted.parameters))
    if (stored.prompt_template is None) != (wanted.prompt_template is None):
        names = [template and template.name for template in (stored.prompt_template, wanted.prompt_template)]
        changes["prompt_template"] = (names[0], names[1])
    elif stored.prompt_template is not None and wanted.prompt_template is not None:
        changes |= differences(stored.prompt_template, wanted_fields(wanted.prompt_template))
    if changes:
        raise ConfigExistsError(
            f"it is registered with other values: {describe_differences(changes)}; change it by "
            "`update_provider_model`",
            provider=stored.provider_name,
            model=stored.model_id,
        )


def require_allowed(change: Change, row: ProviderModelConfig, changed: Mapping[str, Any]) -> None:
    """Raise `AccessDeniedError` where the actor may not change one of the fields."""
    needed = {Operation.READ, *(_operation_for(name) for name in changed)}
    for operation in sorted(needed):
        change.permissions.require(operation, scope_of(row))


def _operation_for(field: str) -> Operation:
    if field == "is_active":
        return Operation.ACTIVATE
    return Operation.CONNECT if field in CONNECTING else Operation.UPDATE


async def set_config(change: Change, row: ProviderModelConfig, changed: Mapping[str, Any]) -> None:
    """Set fields of a configuration. Where calls go elsewhere with them, it is not verified any more.

    Raises `ConfigValidationError` for a setting that could be secret.
    """
    settings: Mapping[str, Any] = changed.get("settings") or {}
    require_no_secrets(
        row.provider_name, {name: settings[name] for name in settings if row.settings.get(name) != settings[name]}
    )
    if _differs(row, changed):
        changed = {**changed, "verification_status": "pending", "verification_error": None}
    await change.set(row, changed)


def require_asked(row: ProviderModelConfig, config: ProviderModelConfigResponse) -> None:
    """Raise `StaleConfigError` where calls of a configuration go elsewhere by now than those that verified it."""
    if _differs(row, config.model_dump(include=set(_TARGETING))):
        raise StaleConfigError(
            "where its calls go was changed while the provider was asked: verify it again", {},
            provider=row.provider_name, model=row.model_id,
        )  # fmt: skip


def _differs(row: ProviderModelConfig, fields: Mapping[str, Any]) -> bool:
    return not _TARGETING.isdisjoint(differences(row, fields))


async def require_alias(change: Change, alias: str | None, own: ProviderModelConfig | None) -> None:
    """Raise `ConfigExistsError` where another configuration has an alias, `ConfigValidationError` where models may."""
    provider, slash, _ = (alias or "").partition("/")
    if slash and provider in list_providers():
        problem = (
            f"`alias`: {alias!r} is what a model of {provider} is called; choose one without its name before a slash"
        )
        raise ConfigValidationError({"alias": problem})
    other = None if alias is None else await change.repository.find_config_by_alias(alias)
    if other is None or (own is not None and other.id == own.id):
        return
    is_seen = change.permissions.may(Operation.READ, scope_of(other))
    whose = f"{other.provider_name}/{other.model_id}" if is_seen else "another workspace"
    raise ConfigExistsError(f"the alias {alias!r} is that of {whose}; choose another")


async def require_references(change: Change, row: ProviderModelConfig, changed: Mapping[str, Any]) -> None:
    """Raise `ConfigNotFoundError` for ids that no row has, `ConfigValidationError` for parameters that do not fit."""
    if "parameters_id" in changed:
        parameters = await change.repository.find_by_id(LLMParameters, changed["parameters_id"])
        if parameters is None:
            raise ConfigNotFoundError(f"`parameters_id`: no parameters have the id {changed['parameters_id']}")
        await require_read_shared(change, parameters)
        require_fitting_parameters(row, parameters)
    template_id = changed.get("prompt_template_id")
    if template_id is not None:
        template = await change.repository.find_by_id(PromptTemplate, template_id)
        if template is None:
            raise ConfigNotFoundError(f"`prompt_template_id`: no template has the id {template_id}")
        await require_read_shared(change, template)
    await _require_one_credential(change, row, changed)


async def _require_one_credential(change: Change, row: ProviderModelConfig, changed: Mapping[str, Any]) -> None:
    variable, credential_id = (changed.get(name, getattr(row, name)) for name in ("api_key_env", "credential_id"))
    if variable is not None and credential_id is not None:
        other = "api_key_env" if "credential_id" in changed else "credential_id"
        problem = f"a configuration has `api_key_env` or `credential_id`: set `{other}` to None in the same update"
        raise ConfigValidationError({other: problem}, provider=row.provider_name, model=row.model_id)
    await _require_credential(change, row.provider_name, changed.get("credential_id"))


async def require_connectable(change: Change, row: ProviderModelConfig, connecting: Mapping[str, Any]) -> None:
    """Raise where the actor may not connect a new configuration so, where its credential is not there, or where a
    setting could be secret.
    """
    require_no_secrets(row.provider_name, connecting.get("settings") or {})
    if connecting:
        change.permissions.require(Operation.CONNECT, scope_of(row))
    await _require_credential(change, row.provider_name, connecting.get("credential_id"))


async def _require_credential(change: Change, provider: str, credential_id: int | None) -> None:
    if credential_id is None:
        return
    credential = await change.repository.find_by_id(Credential, credential_id)
    if credential is None:
        raise ConfigNotFoundError(f"`credential_id`: no credential has the id {credential_id}")
    # Whoever chooses a credential makes calls with it.
    change.permissions.require(Operation.USE, scope_of(credential))
    if credential.provider != provider:
        problem = f"`credential_id`: {credential.name!r} is a credential of {credential.provider}, not of {provider}"
        raise ConfigValidationError({"credential_id": problem}, provider=provider)


def respond(row: ProviderModelConfig) -> ProviderModelConfigResponse:
    """Return a stored configuration with what of its parameters is never sent."""
    config = ProviderModelConfigResponse.model_validate(row)
    known = check_compatibility(called_model_of(row, row.model_id), config.parameters)
    reasons = known.left_out
    return config.model_copy(update={"unsupported_parameters": tuple(reasons), "unsupported_reasons": reasons})


async def require_config(reading: Reading, provider: str, model_id: str) -> ProviderModelConfig:
    """Return a stored configuration. Raises `ConfigNotFoundError`."""
    row = await reading.repository.find_config(provider, model_id)
    if row is None:
        raise not_found(provider, model_id)
    return row


def not_found(provider: str, model_id: str) -> ConfigNotFoundError:
    """Return the error for a model that is not configured."""
    return ConfigNotFoundError("it is not configured; register it first", provider=provider, model=model_id)
