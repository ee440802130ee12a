"""Settings that the service would refuse: rows that somebody else wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update

from core.llms.provider_config.models import ProviderModelConfig
from core.llms.storage.database import Database


async def store_settings(database: Database, provider: str, model_id: str, settings: Mapping[str, Any]) -> None:
    """Write a configuration's settings straight into its row."""
    table = ProviderModelConfig
    async with database.transaction() as session:
        statement = update(table).where(table.provider_name == provider, table.model_id == model_id)
        await session.execute(statement.values(settings=dict(settings)))
