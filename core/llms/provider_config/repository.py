"""Reading and writing stored configurations within a transaction. What may be written is decided in `service`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from core.llms.provider_config.models import (
    ConfigGeneration,
    Credential,
    LLMParameters,
    PromptTemplate,
    ProviderModelConfig,
)
from core.llms.storage.base import Base

T = TypeVar("T")
NamedT = TypeVar("NamedT", LLMParameters, PromptTemplate)
ReferredT = TypeVar("ReferredT", LLMParameters, PromptTemplate, Credential)
CHANNEL = "core_llms_config"
_REFERENCES: Final[Mapping[type[Base], InstrumentedAttribute[Any]]] = {
    LLMParameters: ProviderModelConfig.parameters_id,
    PromptTemplate: ProviderModelConfig.prompt_template_id,
    Credential: ProviderModelConfig.credential_id,
}


class ProviderConfigRepository:
    """The rows of one session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find_config(
        self, provider: str, model_id: str, *, for_update: bool = False
    ) -> ProviderModelConfig | None:
        """Return a configuration; `for_update` keeps others from changing it until the transaction ends."""
        query = select(ProviderModelConfig).where(
            ProviderModelConfig.provider_name == provider, ProviderModelConfig.model_id == model_id
        )
        return await self._one(query, for_update)

    async def find_config_by_alias(self, alias: str) -> ProviderModelConfig | None:
        """Return the configuration that an alias is for."""
        return await self._one(select(ProviderModelConfig).where(ProviderModelConfig.alias == alias), False)

    async def list_configs(
        self, *, active_only: bool = False, provider: str | None = None
    ) -> Sequence[ProviderModelConfig]:
        """Return configurations, by provider and model."""
        query = select(ProviderModelConfig).order_by(ProviderModelConfig.provider_name, ProviderModelConfig.model_id)
        if active_only:
            query = query.where(ProviderModelConfig.is_active)
        if provider is not None:
            query = query.where(ProviderModelConfig.provider_name == provider)
        return (await self._session.scalars(query)).all()

    async def find_named(self, table: type[NamedT], name: str, *, for_update: bool = False) -> NamedT | None:
        """Return parameters or a template by its name."""
        return await self._one(select(table).where(table.name == name), for_update)

    async def find_by_id(self, table: type[ReferredT], row_id: int) -> ReferredT | None:
        """Return a row by its id."""
        return await self._session.get(table, row_id)

    async def list_named(self, table: type[NamedT]) -> Sequence[NamedT]:
        """Return all parameters, or all templates, by name."""
        return (await self._session.scalars(select(table).order_by(table.name))).all()

    async def users_of(self, row: LLMParameters | PromptTemplate | Credential) -> Sequence[ProviderModelConfig]:
        """Return the configurations that use parameters, a template or a credential."""
        column = _REFERENCES[type(row)]
        return (await self._session.scalars(select(ProviderModelConfig).where(column == row.id))).all()

    async def add(self, row: Base) -> None:
        """Insert a row; its id is known afterwards."""
        self._session.add(row)
        await self._session.flush()

    async def delete(self, row: Base) -> None:
        """Delete a row."""
        await self._session.delete(row)
        await self._session.flush()

    async def reload(self, row: Base) -> None:
        """Read a row, and what it refers to, as it is stored now."""
        await self._session.flush()
        await self._session.refresh(row)

    async def lock(self, row: Base) -> None:
        """Read a row as it is stored now, and keep others from changing it until the transaction ends."""
        await self._session.refresh(row, with_for_update=True)

    async def announce(self) -> int:
        """Raise the generation, which tells every process that something changed once the transaction is kept."""
        statement = update(ConfigGeneration).values(generation=ConfigGeneration.generation + 1)
        raised = await self._session.scalar(statement.returning(ConfigGeneration.generation))
        assert raised is not None
        if self._session.get_bind().dialect.name == "postgresql":
            await self._session.execute(select(func.pg_notify(CHANNEL, str(raised))))
        return int(raised)

    async def generation(self) -> int:
        """Return the number of changes so far."""
        return int(await self._session.scalar(select(ConfigGeneration.generation)) or 0)

    async def _one(self, query: Select[T], for_update: bool) -> T | None:
        if for_update:
            # Of the row alone: what is joined to it may be missing, and is not changed here.
            query = query.with_for_update(of=query.column_descriptions[0]["entity"])
        return (await self._session.scalars(query)).one_or_none()
