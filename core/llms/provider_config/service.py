"""`ProviderConfigService`: registering, reading, changing and verifying the models that a team uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from core.llms.errors import LLMError
from core.llms.provider_config.access.actors import SYSTEM, Actor, as_actor
from core.llms.provider_config.access.operations import Operation, Scope
from core.llms.provider_config.access.service import AccessService
from core.llms.provider_config.audit.service import AuditService
from core.llms.provider_config.changes import read_updates, require_version
from core.llms.provider_config.credentials.key_sources import EnvironmentKeys, KeyProvider
from core.llms.provider_config.credentials.key_use import GuardedSessions, KeyUse
from core.llms.provider_config.credentials.service import CredentialService
from core.llms.provider_config.errors import VerificationError
from core.llms.provider_config.fitting import require_fitting_version
from core.llms.provider_config.health.switching import record_switch
from core.llms.provider_config.inheritance.service import ParameterMethods
from core.llms.provider_config.models import LLMParameters, PromptTemplate, ProviderModelConfig
from core.llms.provider_config.named_rows import NamedRows
from core.llms.provider_config.recording import Reading
from core.llms.provider_config.registration import (
    VERSIONING,
    not_found,
    read_create,
    require_alias,
    require_allowed,
    require_asked,
    require_config,
    require_references,
    respond,
    set_config,
    store_config,
)
from core.llms.provider_config.removal import delete_config
from core.llms.provider_config.revisions.service import RevisionService
from core.llms.provider_config.revisions.snapshots import config_name, scope_of
from core.llms.provider_config.schemas import (
    LLMParametersCreate,
    LLMParametersResponse,
    LLMParametersUpdate,
    PromptTemplateCreate,
    PromptTemplateResponse,
    PromptTemplateUpdate,
    ProviderModelConfigResponse,
    ProviderModelConfigUpdate,
    ProviderRegistryResponse,
)
from core.llms.provider_config.shared_rows import change_used_rows
from core.llms.provider_config.tokens.service import TokenService
from core.llms.provider_config.transfer.service import TransferService
from core.llms.provider_config.unit_of_work import UnitOfWork
from core.llms.provider_config.usage import UsageStatistics
from core.llms.provider_config.verification import CallVerifier, Verifier
from core.llms.provider_config.version_migration.service import MigrationMethods
from core.llms.storage.database import Database

ParameterRows: TypeAlias = NamedRows[LLMParameters, LLMParametersCreate, LLMParametersUpdate, LLMParametersResponse]
TemplateRows: TypeAlias = NamedRows[PromptTemplate, PromptTemplateCreate, PromptTemplateUpdate, PromptTemplateResponse]


class ProviderConfigService(ParameterMethods, MigrationMethods):
    """Configurations in a database, for any number of processes. Closing the database is up to the caller.

    `parameters` and `prompt_templates` are kept by themselves, and shared by the configurations that use them.
    `credentials` are kept encrypted, with `keys` that are by default the environment's; where some are stored and no
    key is set, everything else is refused with `EncryptionKeyError`. `verifier` finds out whether a provider answers.
    `access` says who may do what, `audit` what was done, `revisions` what everything was before, and `usage` what
    calls consumed; by `tokens` callers of the REST API are known. `transfer` writes all that is stored as a document
    without secrets, and stores what one says.

    Every method takes the `actor` on whose behalf it acts; without one it is the service's own, which by default is
    the process itself and may do everything. Every method raises `AccessDeniedError` where the actor may not do that,
    and `StorageError` where the database fails; nothing of a change is kept then.
    """

    def __init__(
        self,
        database: Database,
        *,
        verifier: Verifier | None = None,
        keys: KeyProvider | None = None,
        actor: Actor | str = SYSTEM,
    ) -> None:
        self.database = database
        key_use = KeyUse(keys or EnvironmentKeys())
        acting = as_actor(actor, SYSTEM)
        self._work = UnitOfWork(GuardedSessions(database, key_use), key_use, acting)
        self.credentials = CredentialService(UnitOfWork(database, key_use, acting), key_use)
        self.access = AccessService(self._work)
        self.tokens = TokenService(self._work, database)
        self.audit = AuditService(self._work)
        self.revisions = RevisionService(self._work)
        self.usage = UsageStatistics(self._work)
        self.parameters: ParameterRows = NamedRows(
            self._work, LLMParameters, LLMParametersUpdate, LLMParametersResponse, "parameters"
        )
        self.prompt_templates: TemplateRows = NamedRows(
            self._work, PromptTemplate, PromptTemplateUpdate, PromptTemplateResponse, "prompt template"
        )
        self.transfer = TransferService(self._work, self._verify)
        self.verifier: Verifier = verifier or CallVerifier(resolve=self.credentials.resolve)

    async def register_provider_model(
        self,
        provider: str,
        model_id: str,
        parameters: LLMParametersCreate,
        prompt_template: PromptTemplateCreate | None = None,
        *,
        is_active: bool = True,
        verify: bool = True,
        must_be_new: bool = False,
        actor: Actor | str | None = None,
        **fields: Any,
    ) -> ProviderModelConfigResponse:
        """Store a model with its parameters and template, verify it, and switch it on.

        `fields` are `alias`, `description`, `base_url`, `api_key_env` or `credential_id`, `settings`, `workspace` and
        `organisation`. All is stored in one transaction, switched off; then the provider is asked; then it is switched
        on. What fails to verify stays stored, and off.
        `verify=False` leaves the asking out. Registering the same again changes nothing, unless it `must_be_new`.

        Raises `ConfigValidationError`, `ConfigExistsError` for something else under a name that is taken, and
        `VerificationError`.
        """
        wanted = read_create(
            provider_name=provider,
            model_id=model_id,
            is_active=is_active,
            parameters=parameters,
            prompt_template=prompt_template,
            **fields,
        )
        async with self._work.changing(actor, "register") as change:
            row = await store_config(change, wanted, is_active=is_active and not verify, must_be_new=must_be_new)
            await change.save()
            config = respond(row)
        if not verify or config.is_verified:
            return config
        return await self._verify(config, actor, "register", activates=is_active)

    async def get_provider_model(
        self, provider: str, model_id: str, *, actor: Actor | str | None = None
    ) -> ProviderModelConfigResponse | None:
        """Return a configuration, or None where there is none."""
        async with self._work.reading(actor) as reading:
            return _readable(reading, await reading.repository.find_config(provider, model_id))

    async def get_by_alias(self, alias: str, *, actor: Actor | str | None = None) -> ProviderModelConfigResponse | None:
        """Return the configuration of an alias, or None where there is none."""
        async with self._work.reading(actor) as reading:
            return _readable(reading, await reading.repository.find_config_by_alias(alias))

    async def require(
        self, operation: Operation, config: ProviderModelConfigResponse, *, actor: Actor | str | None = None
    ) -> None:
        """Raise `AccessDeniedError` where the actor may not do something with a configuration."""
        scope = Scope(config.organisation, config.workspace, config.provider_name, config.model_id)
        await self._work.require(actor, operation, scope)

    async def read_changes(
        self, generation: int, *, actor: Actor | str | None = None
    ) -> tuple[int, tuple[ProviderModelConfigResponse, ...]] | None:
        """Return the number of changes so far and all configurations, or None where it is still `generation`."""
        async with self._work.reading(actor) as reading:
            current = await reading.repository.generation()
            if current == generation:
                return None
            return current, _list_readable(reading, await reading.repository.list_configs())

    async def list_providers(
        self, active_only: bool = False, *, provider: str | None = None, actor: Actor | str | None = None
    ) -> ProviderRegistryResponse:
        """Return all configurations that the actor may see, or those that are switched on, by provider and model."""
        async with self._work.reading(actor) as reading:
            rows = await reading.repository.list_configs(active_only=active_only, provider=provider)
            configs = _list_readable(reading, rows)
        active = {config.provider_name for config in configs if config.is_active}
        return ProviderRegistryResponse(
            total_providers=len({config.provider_name for config in configs}),
            active_providers=len(active),
            providers=configs,
        )

    async def update_provider_model(
        self,
        provider: str,
        model_id: str,
        updates: Mapping[str, Any] | ProviderModelConfigUpdate,
        *,
        parameters: Mapping[str, Any] | LLMParametersUpdate | None = None,
        prompt_template: Mapping[str, Any] | PromptTemplateUpdate | None = None,
        expected_version: int | None = None,
        actor: Actor | str | None = None,
    ) -> ProviderModelConfigResponse:
        """Change the fields that are given, all or none, and return the configuration.

        `parameters` and `prompt_template` change the rows that it uses, for every configuration that uses them, whose
        versions rise, too; a template is made where it has none. With `expected_version` a change on top of somebody
        else's is refused with what changed. Raises
        `ConfigNotFoundError`, `ConfigValidationError`, `ConfigExistsError` for an alias that is taken, and
        `StaleConfigError`.
        """
        changed = read_updates(ProviderModelConfigUpdate, updates)
        of_parameters = read_updates(LLMParametersUpdate, parameters or {})
        of_template = read_updates(PromptTemplateUpdate, prompt_template or {})
        async with self._work.changing(actor, "update") as change:
            row = await require_config(change, provider, model_id)
            require_allowed(change, row, changed)
            require_version(row, expected_version, changed, config_name(provider, model_id))
            await require_alias(change, changed.get("alias"), row)
            await require_references(change, row, changed)
            await set_config(change, row, changed)
            if "is_active" in changed:
                await record_switch(change, row)
            if not changed.keys().isdisjoint(VERSIONING):
                require_fitting_version(row, row.parameters)
            await change_used_rows(change, row, of_parameters, of_template)
            await change.save()
            return respond(row)

    async def delete_provider_model(
        self,
        provider: str,
        model_id: str,
        *,
        with_own_rows: bool = False,
        expected_version: int | None = None,
        actor: Actor | str | None = None,
    ) -> dict[str, str]:
        """Delete a configuration; its parameters and template stay, and are returned, as `{"parameters": "calm"}`.

        `with_own_rows` those go with it that have its name, `provider/model_id`, and no other user. Raises
        `ConfigNotFoundError`, `StaleConfigError`.
        """
        async with self._work.changing(actor, "delete") as change:
            row = await require_config(change, provider, model_id)
            change.permissions.require(Operation.DELETE, scope_of(row))
            require_version(row, expected_version, {}, config_name(provider, model_id))
            return await delete_config(change, row, with_own_rows=with_own_rows)

    async def verify_provider_model(
        self, provider: str, model_id: str, *, actor: Actor | str | None = None
    ) -> ProviderModelConfigResponse:
        """Ask the provider, and store that it answered. No transaction is open meanwhile.

        Raises `ConfigNotFoundError`, and `VerificationError` where it does not answer, which is stored, too.
        """
        config = await self.get_provider_model(provider, model_id, actor=actor)
        if config is None:
            raise not_found(provider, model_id)
        await self.require(Operation.VERIFY, config, actor=actor)
        return await self._verify(config, actor, "verify", activates=False)

    async def _verify(
        self, config: ProviderModelConfigResponse, actor: Actor | str | None, action: str, *, activates: bool
    ) -> ProviderModelConfigResponse:
        failure: LLMError | None = None
        try:
            await self.verifier.verify(config)
        except LLMError as error:
            failure = error
        outcome: dict[str, Any] = {"verification_status": "failed", "verification_error": str(failure)}
        if failure is None:
            now = datetime.now(UTC)
            outcome = {"verification_status": "verified", "verification_error": None, "last_verified": now}
        async with self._work.changing(actor, action) as change:
            row = await require_config(change, config.provider_name, config.model_id)
            require_asked(row, config)
            # What was changed since it was asked about was not verified: it is not switched on for that.
            if activates and failure is None and row.version == config.version:
                outcome["is_active"] = True
            await change.set(row, outcome)
            await change.save()
            stored = respond(row)
        if failure is not None:
            raise VerificationError(f"the provider does not answer for it: {failure}", stored) from failure
        return stored


def _readable(reading: Reading, row: ProviderModelConfig | None) -> ProviderModelConfigResponse | None:
    if row is None:
        return None
    reading.permissions.require(Operation.READ, scope_of(row))
    return respond(row)


def _list_readable(reading: Reading, rows: Sequence[ProviderModelConfig]) -> tuple[ProviderModelConfigResponse, ...]:
    return tuple(respond(row) for row in rows if reading.permissions.may(Operation.READ, scope_of(row)))
