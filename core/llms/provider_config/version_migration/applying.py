"""Putting a plan into what is stored, within a transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.llms.provider_config.access.operations import Operation, Scope
from core.llms.provider_config.changes import require_version
from core.llms.provider_config.errors import ConfigExistsError
from core.llms.provider_config.fitting import require_fitting_version
from core.llms.provider_config.models import LLMParameters, ProviderModelConfig
from core.llms.provider_config.parameter_names import NEUTRAL_NAMES, field_of
from core.llms.provider_config.recording import Change
from core.llms.provider_config.revisions.snapshots import config_name, scope_of
from core.llms.provider_config.schemas import LLMParametersCreate
from core.llms.provider_config.shared_access import require_update_shared
from core.llms.provider_config.shared_rows import find_or_add, set_fields
from core.llms.provider_config.version_migration.plan import MigrationPlan


async def apply_plan(change: Change, row: ProviderModelConfig, plan: MigrationPlan, fields: Mapping[str, Any]) -> None:
    """Give a configuration the plan's model, version and parameters, and set further fields.

    Parameters that are its own change; of those that others use, or inherit from, it gets heirs of its own instead.
    Raises `AccessDeniedError`, `ConfigExistsError`, `ConfigValidationError` and `StaleConfigError`.
    """
    target = Scope(row.organisation, row.workspace, plan.provider, plan.to_model)
    change.permissions.require(Operation.UPDATE, scope_of(row))
    require_version(row, plan.config_version, {}, config_name(plan.provider, plan.from_model))
    if plan.to_model != plan.from_model:
        change.permissions.require(Operation.REGISTER, target)
        if await change.repository.find_config(plan.provider, plan.to_model) is not None:
            raise ConfigExistsError(
                "it is configured already: use it as it is, or delete it first", provider=plan.provider,
                model=plan.to_model,
            )  # fmt: skip
    parameters = await _settle_parameters(change, row, plan, target)
    changed = {"model_id": plan.to_model, "provider_version": plan.to_version, "parameters_id": parameters.id}
    await change.set(row, {**changed, **fields})
    require_fitting_version(row, row.parameters)


async def _settle_parameters(
    change: Change, row: ProviderModelConfig, plan: MigrationPlan, target: Scope
) -> LLMParameters:
    stored = row.parameters
    if not plan.changes:
        return stored
    users = await change.repository.users_of(stored)
    if len(users) == 1 and not await change.repository.rows_below(stored):
        await require_update_shared(change, stored)
        await set_fields(change, stored, changed_fields(plan, stored.extra_parameters, unsets=_inherits(stored)))
        return stored
    name = config_name(plan.provider, plan.to_model)
    if await change.repository.find_named(LLMParameters, name) is not None:
        name = f"{name} from {plan.from_model} {plan.from_version or ''}".strip()
    heir = LLMParametersCreate(name=name, parent=stored.name, **changed_fields(plan, {}, unsets=True))
    return await find_or_add(change, LLMParameters, heir, target)


def changed_fields(plan: MigrationPlan, extra: Mapping[str, Any], *, unsets: bool) -> dict[str, Any]:
    """Return the fields of parameters that a plan changes; `extra` are their `extra_parameters` so far.

    With `unsets` what has no value any more is switched off, also where it would be inherited.
    """
    changes = {field_of(name): value for name, value in plan.changes.items()}
    own = {name: value for name, value in changes.items() if name in NEUTRAL_NAMES}
    others = {name: value for name, value in changes.items() if name not in NEUTRAL_NAMES}
    gone = sorted(name for name, value in changes.items() if value is None)
    fields: dict[str, Any] = {name: value for name, value in own.items() if value is not None or not unsets}
    if others:
        fields["extra_parameters"] = {name: value for name, value in {**extra, **others}.items() if value is not None}
    if unsets and gone:
        fields["unset"] = gone
    return fields


def _inherits(row: LLMParameters) -> bool:
    return row.parent_id is not None or row.preset is not None
