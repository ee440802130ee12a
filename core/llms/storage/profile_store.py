"""`DatabaseProfileStore`: what is registered of models, in the table `model_profiles`, a row for each model."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Text, cast, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.llms.errors import ConfigurationError
from core.llms.registry.models import LLMProfile
from core.llms.registry.records import parse_json, parse_record, render_record
from core.llms.storage.base import check_name
from core.llms.storage.database import Database
from core.llms.storage.tables import MODEL_ID_LENGTH, PROVIDER_LENGTH, ModelProfileRow
from core.llms.storage.upsert import upsert

_KEY = ("provider", "model_id")


class DatabaseProfileStore:
    """Profiles in a database, for `LLMRegistry.save_to` and `load_from`. Closing the database is up to the caller."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> list[LLMProfile]:
        """Return all profiles, by provider and model id.

        Raises `StorageError`, and `ConfigurationError`, which names every row that is corrupt and what is wrong there.
        """
        facts = cast(ModelProfileRow.facts, Text)
        query = select(ModelProfileRow.provider, ModelProfileRow.model_id, facts).order_by(
            ModelProfileRow.provider, ModelProfileRow.model_id
        )
        async with self._database.reading() as session:
            rows = (await session.execute(query)).all()
        return self._read([(provider, model_id, text) for provider, model_id, text in rows])

    async def save(self, profiles: Iterable[LLMProfile]) -> None:
        """Write profiles, all of them or none; of models that are not among them nothing changes.

        Raises `StorageError`, and `ConfigurationError` for a name that cannot be kept.
        """
        rows = {profile.key: _render(profile) for profile in profiles}
        if rows:
            async with self._database.transaction() as session:
                # In one order: two processes that wait for each other's rows would wait for ever.
                await upsert(session, ModelProfileRow, [rows[key] for key in sorted(rows)], key=_KEY, keep="created_at")

    async def delete(self, keys: Iterable[tuple[str, str]]) -> None:
        """Remove what is kept of models, by provider and model id; what is not there needs no removing."""
        async with self._database.transaction() as session:
            for key in sorted(set(keys)):
                await _delete(session, key)

    def _read(self, rows: Iterable[tuple[str, str, str]]) -> list[LLMProfile]:
        profiles, problems = [], []
        for provider, model_id, text in rows:
            try:
                profiles.append(_parse(provider, model_id, text))
            except ConfigurationError as error:
                problems.append(error.message)
        if problems:
            raise ConfigurationError(f"{self._database.url.shown}: {'; '.join(problems)}")
        return profiles


async def _delete(session: AsyncSession, key: tuple[str, str]) -> None:
    provider, model_id = key
    await session.execute(
        delete(ModelProfileRow).where(ModelProfileRow.provider == provider, ModelProfileRow.model_id == model_id)
    )


def _render(profile: LLMProfile) -> dict[str, Any]:
    facts = render_record(profile)
    provider, model_id = facts.pop("provider"), facts.pop("model_id")
    try:
        check_name(provider, PROVIDER_LENGTH)
        check_name(model_id, MODEL_ID_LENGTH)
    except ValueError as error:
        raise ConfigurationError(f"the model cannot be kept in a database: {error}") from error
    now = datetime.now(UTC)
    return {"provider": provider, "model_id": model_id, "facts": facts, "created_at": now, "updated_at": now}


def _parse(provider: str, model_id: str, text: str) -> LLMProfile:
    place = f"model_profiles[{provider}/{model_id}]"
    facts = parse_json(text, place)
    if not isinstance(facts, dict) or not facts.keys().isdisjoint(_KEY):
        raise ConfigurationError(f"{place}: facts: it is no object of facts alone")
    return parse_record({"provider": provider, "model_id": model_id, **facts}, place)
