"""`ProviderConfigService`: registering, reading, changing and verifying the models that a team uses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from pydantic import ValidationError

from core.llms.errors import LLMError
from core.llms.provider_config.credentials.key_sources import KeyProvider
from core.llms.provider_config.credentials.key_use import GuardedSessions
from core.llms.provider_config.credentials.service import CredentialService
from core.llms.provider_config.errors import ConfigNotFoundError, ConfigValidationError, VerificationError
from core.llms.provider_config.models import LLMParameters, PromptTemplate, ProviderModelConfig
from core.llms.provider_config.named_rows import NamedRows, apply_updates, describe_validation, read_updates
from core.llms.provider_config.named_rows import require_version as require_version
from core.llms.provider_config.registration import (
    require_alias,
    require_compatible,
    require_references,
    respond,
    store_config,
)
from core.llms.provider_config.repository import ProviderConfigRepository
from core.llms.provider_config.schemas import (
    LLMParametersCreate,
    LLMParametersResponse,
    LLMParametersUpdate,
    PromptTemplateCreate,
    PromptTemplateResponse,
    PromptTemplateUpdate,
    ProviderModelConfigCreate,
    ProviderModelConfigResponse,
    ProviderModelConfigUpdate,
    ProviderRegistryResponse,
)
from core.llms.provider_config.used_rows import change_used_rows
from core.llms.provider_config.verification import CallVerifier, Verifier
from core.llms.storage.database import Database

ParameterRows: TypeAlias = NamedRows[LLMParameters, LLMParametersCreate, LLMParametersUpdate, LLMParametersResponse]
TemplateRows: TypeAlias = NamedRows[PromptTemplate, PromptTemplateCreate, PromptTemplateUpdate, PromptTemplateResponse]


class ProviderConfigService:
    """Configurations in a database, for any number of processes. Closing the database is up to the caller.

    `parameters` and `prompt_templates` are kept by themselves, and shared by the configurations that use them.
    `credentials` are kept encrypted, with `keys` that are by default the environment's; where some are stored and no
    key is set, everything else is refused with `EncryptionKeyError`.
    `verifier` finds out whether a provider answers. Every method raises `StorageError` where the database fails;
    nothing of a change is kept then.
    """

    def __init__(
        self, database: Database, *, verifier: Verifier | None = None, keys: KeyProvider | None = None
    ) -> None:
        self.database = database
        self.credentials = CredentialService(database, keys)
        self._sessions = GuardedSessions(database, self.credentials.key_use)
        self.parameters: ParameterRows = NamedRows(
            self._sessions, LLMParameters, LLMParametersUpdate, LLMParametersResponse, "parameters"
        )
        self.prompt_templates: TemplateRows = NamedRows(
            self._sessions, PromptTemplate, PromptTemplateUpdate, PromptTemplateResponse, "prompt template"
        )
        self._verifier: Verifier = verifier or CallVerifier(resolve=self.credentials.resolve)

    async def register_provider_model(
        self,
        provider: str,
        model_id: str,
        parameters: LLMParametersCreate,
        prompt_template: PromptTemplateCreate | None = None,
        *,
        is_active: bool = True,
        verify: bool = True,
        **fields: Any,
    ) -> ProviderModelConfigResponse:
        """Store a model with its parameters and template, verify it, and switch it on.

        `fields` are `alias`, `description`, `base_url`, `api_key_env` or `credential_id`, and `settings`. All is stored
        in one transaction, switched off; then the provider is asked; then it is switched on. What fails to verify stays
        stored, and off.
        `verify=False` leaves the asking out. Registering the same again changes nothing.

        Raises `ConfigValidationError`, `ConfigExistsError` for something else under a name that is taken, and
        `VerificationError`.
        """
        wanted = _read_create(
            provider_name=provider,
            model_id=model_id,
            is_active=is_active,
            parameters=parameters,
            prompt_template=prompt_template,
            **fields,
        )
        require_compatible(provider, model_id, parameters)
        async with self._sessions.transaction() as session:
            row = await store_config(ProviderConfigRepository(session), wanted, is_active=is_active and not verify)
            config = respond(row)
        if not verify or config.is_verified:
            return config
        return await self._verify(config, activates=is_active)

    async def get_provider_model(self, provider: str, model_id: str) -> ProviderModelConfigResponse | None:
        """Return a configuration, or None where there is none."""
        async with self._sessions.reading() as session:
            row = await ProviderConfigRepository(session).find_config(provider, model_id)
            return None if row is None else respond(row)

    async def get_by_alias(self, alias: str) -> ProviderModelConfigResponse | None:
        """Return the configuration of an alias, or None where there is none."""
        async with self._sessions.reading() as session:
            row = await ProviderConfigRepository(session).find_config_by_alias(alias)
            return None if row is None else respond(row)

    async def read_changes(self, generation: int) -> tuple[int, tuple[ProviderModelConfigResponse, ...]] | None:
        """Return the number of changes so far and all configurations, or None where it is still `generation`."""
        async with self._sessions.reading() as session:
            repository = ProviderConfigRepository(session)
            current = await repository.generation()
            if current == generation:
                return None
            return current, tuple(respond(row) for row in await repository.list_configs())

    async def list_providers(
        self, active_only: bool = False, *, provider: str | None = None
    ) -> ProviderRegistryResponse:
        """Return all configurations, or those that are switched on, by provider and model."""
        async with self._sessions.reading() as session:
            rows = await ProviderConfigRepository(session).list_configs(active_only=active_only, provider=provider)
            configs = tuple(respond(row) for row in rows)
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
    ) -> ProviderModelConfigResponse:
        """Change the fields that are given, all or none, and return the configuration.

        `parameters` and `prompt_template` change the rows that it uses, for every configuration that uses them, and
        raise its version, too; a template is made where it has none. With `expected_version` a change on top of
        somebody else's is refused with what changed. Raises
        `ConfigNotFoundError`, `ConfigValidationError`, `ConfigExistsError` for an alias that is taken, and
        `StaleConfigError`.
        """
        changed = read_updates(ProviderModelConfigUpdate, updates)
        of_parameters = read_updates(LLMParametersUpdate, parameters or {})
        of_template = read_updates(PromptTemplateUpdate, prompt_template or {})
        async with self._sessions.transaction() as session:
            repository = ProviderConfigRepository(session)
            row = await _require(repository, provider, model_id)
            require_version(row, expected_version, changed, f"{provider}/{model_id}")
            await require_alias(repository, changed.get("alias"), row)
            await require_references(repository, row, changed)
            is_changed = apply_updates(row, changed)
            if is_changed:
                await repository.reload(row)
            if await change_used_rows(repository, row, of_parameters, of_template) and not is_changed:
                row.version += 1
                is_changed = True
            if is_changed:
                await repository.announce()
                await repository.reload(row)
            return respond(row)

    async def delete_provider_model(self, provider: str, model_id: str, *, expected_version: int | None = None) -> None:
        """Delete a configuration; parameters and template stay. Raises `ConfigNotFoundError`, `StaleConfigError`."""
        async with self._sessions.transaction() as session:
            repository = ProviderConfigRepository(session)
            row = await _require(repository, provider, model_id)
            require_version(row, expected_version, {}, f"{provider}/{model_id}")
            await repository.delete(row)
            await repository.announce()

    async def verify_provider_model(self, provider: str, model_id: str) -> ProviderModelConfigResponse:
        """Ask the provider, and store that it answered. No transaction is open meanwhile.

        Raises `ConfigNotFoundError`, and `VerificationError` where it does not answer, which is stored, too.
        """
        config = await self.get_provider_model(provider, model_id)
        if config is None:
            raise _not_found(provider, model_id)
        return await self._verify(config, activates=False)

    async def _verify(self, config: ProviderModelConfigResponse, *, activates: bool) -> ProviderModelConfigResponse:
        failure: LLMError | None = None
        try:
            await self._verifier.verify(config)
        except LLMError as error:
            failure = error
        now = datetime.now(UTC)
        outcome: dict[str, Any] = {"verification_status": "verified", "verification_error": None, "last_verified": now}
        if failure is not None:
            outcome = {"verification_status": "failed", "verification_error": str(failure)}
        async with self._sessions.transaction() as session:
            repository = ProviderConfigRepository(session)
            row = await _require(repository, config.provider_name, config.model_id)
            # What was changed since it was asked about was not verified: it is not switched on for that.
            if activates and failure is None and row.version == config.version:
                outcome["is_active"] = True
            if apply_updates(row, outcome):
                await repository.announce()
                await repository.reload(row)
            stored = respond(row)
        if failure is not None:
            raise VerificationError(f"the provider does not answer for it: {failure}", stored) from failure
        return stored


def _read_create(**fields: Any) -> ProviderModelConfigCreate:
    try:
        return ProviderModelConfigCreate(**fields)
    except ValidationError as error:
        raise ConfigValidationError(
            describe_validation(error), provider=str(fields["provider_name"]), model=str(fields["model_id"])
        ) from error


async def _require(repository: ProviderConfigRepository, provider: str, model_id: str) -> ProviderModelConfig:
    row = await repository.find_config(provider, model_id, for_update=True)
    if row is None:
        raise _not_found(provider, model_id)
    return row


def _not_found(provider: str, model_id: str) -> ConfigNotFoundError:
    return ConfigNotFoundError("it is not configured; register it first", provider=provider, model=model_id)
