"""Finding stored configurations within a transaction. They are changed by `recording.Change` alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import Select, Text, cast, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from core.llms.provider_config.inheritance.statements import ids_below
from core.llms.provider_config.models import (
    ConfigGeneration,
    Credential,
    LLMParameters,
    PromptTemplate,
    ProviderModelConfig,
)
from core.llms.storage.base import Base, is_integer

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

    async def find_config(self, provider: str, model_id: str) -> ProviderModelConfig | None:
        """Return a configuration."""
        query = select(ProviderModelConfig).where(
            ProviderModelConfig.provider_name == provider, ProviderModelConfig.model_id == model_id
        )
        return await self._one(query)

    async def find_config_by_alias(self, alias: str) -> ProviderModelConfig | None:
        """Return the configuration that an alias is for."""
        return await self._one(select(ProviderModelConfig).where(ProviderModelConfig.alias == alias))

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

    async def find_named(self, table: type[NamedT], name: str) -> NamedT | None:
        """Return parameters or a template by its name."""
        return await self._one(select(table).where(table.name == name))

    async def find_by_id(self, table: type[ReferredT], row_id: int) -> ReferredT | None:
        """Return a row by its id."""
        return await self._session.get(table, row_id) if is_integer(row_id) else None

    async def find_credential_id(self, name: str) -> int | None:
        """Return the id of a credential by its name."""
        row_id: int | None = await self._session.scalar(select(Credential.id).where(Credential.name == name))
        return row_id

    async def list_named(self, table: type[NamedT]) -> Sequence[NamedT]:
        """Return all parameters, or all templates, by name."""
        return (await self._session.scalars(select(table).order_by(table.name))).all()

    async def users_of(self, row: LLMParameters | PromptTemplate | Credential) -> Sequence[ProviderModelConfig]:
        """Return the configurations that use parameters, what inherits from them, a template or a credential."""
        column = _REFERENCES[type(row)]
        used = column.in_(ids_below(row.id)) if isinstance(row, LLMParameters) else column == row.id
        return (await self._session.scalars(select(ProviderModelConfig).where(used))).all()

    async def rows_below(self, row: LLMParameters) -> Sequence[LLMParameters]:
        """Return the parameters that inherit from others, by name, over whatever stands between."""
        below = LLMParameters.id.in_(ids_below(row.id)) & (LLMParameters.id != row.id)
        return (await self._session.scalars(select(LLMParameters).where(below).order_by(LLMParameters.name))).all()

    async def wait_for_others(self) -> None:
        """Wait until nobody else is changing anything, and keep others from it until the transaction ends.

        One change at a time: so changes cannot wait for each other in a ring, and history has one order.
        """
        await self._session.execute(select(ConfigGeneration.generation).with_for_update())

    async def announce(self) -> int:
        """Raise the generation, which tells every process that something changed once the transaction is kept."""
        statement = update(ConfigGeneration).values(generation=ConfigGeneration.generation + 1)
        raising = statement.returning(ConfigGeneration.generation)
        if self._session.get_bind().dialect.name != "postgresql":
            return int((await self._session.execute(raising)).scalar_one())
        # In one trip.
        raised = raising.cte("raised")
        told = func.pg_notify(CHANNEL, cast(raised.c.generation, Text))
        return int((await self._session.execute(select(raised.c.generation, told))).scalars().one())

    async def generation(self) -> int:
        """Return the number of changes so far."""
        return int(await self._session.scalar(select(ConfigGeneration.generation)) or 0)

    async def _one(self, query: Select[T]) -> T | None:
        return (await self._session.scalars(query)).one_or_none()
