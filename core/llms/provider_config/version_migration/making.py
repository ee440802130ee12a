"""Making the plan of a stored configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.llms.provider_config.inheritance.layers import EffectiveValues
from core.llms.provider_config.provider_versions import factory_settings
from core.llms.provider_config.schemas import ProviderModelConfigResponse
from core.llms.provider_config.version_migration.comparing import compare_models, tell_retirement
from core.llms.provider_config.version_migration.plan import MigrationPlan
from core.llms.provider_config.version_migration.planning import Side, plan_steps
from core.llms.provider_config.version_migration.sides import find_side


def make_plan(
    config: ProviderModelConfigResponse, to_model: str, to_version: str | None, decisions: Mapping[str, Any]
) -> MigrationPlan:
    """Plan a configuration's way to a model and a version. Raises `ConfigValidationError` for an unknown version."""
    values = config.parameters.effective()
    target = config.model_copy(update={"model_id": to_model, "provider_version": to_version})
    settings = factory_settings(config), factory_settings(target)
    old, old_wire = find_side(config.provider_name, config.model_id, settings[0], _order(values, {}))
    new, new_wire = find_side(config.provider_name, to_model, settings[1], _order(values, decisions))
    notes = [*_notes(config, old, new, to_model)]
    if old_wire != new_wire and None not in (old_wire, new_wire):
        notes.append(f"it is spoken to as {new_wire}, no longer as {old_wire}")
    return MigrationPlan(
        provider=config.provider_name,
        from_model=config.model_id,
        to_model=to_model,
        from_version=config.provider_version,
        to_version=to_version,
        config_version=config.version,
        steps=plan_steps(values, old, new, decisions),
        notes=tuple(notes),
    )


def _order(values: EffectiveValues, decisions: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is wanted, and after it what a preset offers: of two that do not go together the later one goes."""
    said = {**values.stated, **decisions}
    offered = {name: value for name, value in values.offered.items() if name not in said}
    return {name: value for name, value in {**said, **offered}.items() if value is not None}


def _notes(config: ProviderModelConfigResponse, old: Side, new: Side, to_model: str) -> Iterator[str]:
    if to_model != config.model_id:
        yield from tell_retirement(old.metadata)
        yield from compare_models(old.metadata, new.metadata)
    if config.settings and to_model != config.model_id:
        yield f"its settings stay: {', '.join(sorted(config.settings))}"
