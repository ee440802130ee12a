"""What the service does about other models and versions: plans, and doing them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from core.llms.errors import LLMError
from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.changes import describe_validation, require_version
from core.llms.provider_config.errors import ConfigValidationError, VerificationError
from core.llms.provider_config.fitting import called_model_of
from core.llms.provider_config.parameter_names import NEUTRAL_NAMES, neutral_of, read_names
from core.llms.provider_config.registration import require_config, respond
from core.llms.provider_config.revisions.snapshots import config_name, scope_of
from core.llms.provider_config.schemas import LLMParametersUpdate, ProviderModelConfigResponse
from core.llms.provider_config.unit_of_work import UnitOfWork
from core.llms.provider_config.verification import Verifier
from core.llms.provider_config.version_migration.applying import apply_plan, changed_fields
from core.llms.provider_config.version_migration.making import make_plan
from core.llms.provider_config.version_migration.plan import MigrationPlan


class MigrationMethods:
    """The part of `ProviderConfigService` that replaces models and versions by others."""

    _work: UnitOfWork
    verifier: Verifier

    async def plan_migration(
        self,
        provider: str,
        model_id: str,
        *,
        to_model: str | None = None,
        to_version: str | None = None,
        decisions: Mapping[str, Any] | None = None,
        actor: Actor | str | None = None,
    ) -> MigrationPlan:
        """Say what becomes of a configuration's parameters with another model, or another version of the API.

        Where neither is given, the model is meant that the vendor names instead of a retired one. `decisions` are
        values to take instead of the stored ones, None for none. Nothing is changed.

        Raises `ConfigNotFoundError`, and `ConfigValidationError` for a version that the provider does not have, or
        where there is nothing to migrate to.
        """
        async with self._work.reading(actor) as reading:
            row = await require_config(reading, provider, model_id)
            reading.permissions.require(Operation.READ, scope_of(row))
            config = respond(row)
        if to_model is None and to_version is None:
            to_model = called_model_of(config, model_id).metadata.REPLACEMENT
        if (to_model or model_id, to_version or config.provider_version) == (model_id, config.provider_version):
            problem = "`to_model`: name another model or another version; the catalogue names no replacement for it"
            raise ConfigValidationError({"to_model": problem}, provider=provider, model=model_id)
        return make_plan(config, to_model or model_id, to_version or config.provider_version, _read(decisions or {}))

    async def migrate_provider_model(
        self, plan: MigrationPlan, *, verify: bool = True, actor: Actor | str | None = None
    ) -> ProviderModelConfigResponse:
        """Do what a plan says, in one transaction, where the configuration is still what was planned for.

        Before it, the provider is asked whether it answers for the new model; where it does not, nothing changes.
        Raises `ConfigValidationError` where something is undecided, `StaleConfigError`, `ConfigExistsError` where the
        new model is configured already, and `VerificationError`.
        """
        if plan.undecided:
            problems = {step.field: f"`{step.field}` needs a decision: {step.reason}" for step in plan.undecided}
            raise ConfigValidationError(problems, provider=plan.provider, model=plan.to_model)
        fields: dict[str, Any] = {"verification_status": "pending", "verification_error": None}
        if verify:
            await self._verify_target(plan, actor)
            fields |= {"verification_status": "verified", "last_verified": datetime.now(UTC)}
        async with self._work.changing(actor, "migrate") as change:
            row = await require_config(change, plan.provider, plan.from_model)
            await apply_plan(change, row, plan, fields)
            await change.save()
            return respond(row)

    async def _verify_target(self, plan: MigrationPlan, actor: Actor | str | None) -> None:
        async with self._work.reading(actor) as reading:
            row = await require_config(reading, plan.provider, plan.from_model)
            for operation in (Operation.UPDATE, Operation.VERIFY):
                reading.permissions.require(operation, scope_of(row))
            config = respond(row)
        require_version(config, plan.config_version, {}, config_name(plan.provider, plan.from_model))
        own = config.parameters
        changed = changed_fields(plan, own.extra_parameters, unsets=True)
        given = {name: None for name in changed.get("unset", ()) if name in type(own).model_fields}
        extra = changed.get("extra_parameters", own.extra_parameters)
        target = config.model_copy(
            update={
                "model_id": plan.to_model,
                "provider_version": plan.to_version,
                "parameters": own.model_copy(update={**given, **changed, "extra_parameters": extra}),
            }
        )
        try:
            await self.verifier.verify(target)
        except LLMError as error:
            raise VerificationError(f"nothing was changed: {plan.to_model} does not answer: {error}", config) from error


def _read(decisions: Mapping[str, Any]) -> dict[str, Any]:
    """Return decisions by neutral names. Raises `ConfigValidationError` for what could be stored for no model."""
    try:
        stored = {read_names([name])[0]: value for name, value in decisions.items()}
        given = {name: value for name, value in stored.items() if value is not None}
        extra = {name: given.pop(name) for name in tuple(given) if name not in NEUTRAL_NAMES}
        LLMParametersUpdate(**given, extra_parameters=extra)
    except ValidationError as error:
        raise ConfigValidationError(describe_validation(error)) from error
    except ValueError as error:
        raise ConfigValidationError({"decisions": f"`decisions`: {error}"}) from error
    return {neutral_of(name): value for name, value in stored.items()}
