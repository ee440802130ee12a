"""Reading entries as they stand in the table, also those that somebody has made into what none can be."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Row, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import NullType

from core.llms.provider_config.access.operations import Scope
from core.llms.provider_config.audit.entries import AuditEntry, UnreadableEntry
from core.llms.provider_config.models import AuditEntryRow

_BATCH: Final = 1_000
_SCOPE: Final = ("organisation", "workspace", "provider", "model")
_TEXTS: Final = ("actor", "action", "outcome", "kind", "name", "previous_hash", "hash")


async def stream_raw(session: AsyncSession) -> AsyncIterator[AuditEntry | UnreadableEntry]:
    """Give all entries by sequence. SQLite keeps whatever is written into a column, which its type would not read."""
    columns: list[Any] = [
        type_coerce(column, NullType()).label(column.name) for column in AuditEntryRow.__table__.columns
    ]
    query = select(*columns).order_by(AuditEntryRow.sequence)
    async for row in await session.stream(query.execution_options(yield_per=_BATCH)):
        yield _read(row)


def _read(row: Row[Any]) -> AuditEntry | UnreadableEntry:
    values = row._mapping
    texts = {name: values[name] for name in _TEXTS}
    scope = [values[name] for name in _SCOPE]
    try:
        at, details = _read_moment(values["at"]), _read_details(values["details"])
    except (TypeError, ValueError):
        return UnreadableEntry(values["sequence"])
    are_texts = all(isinstance(text, str) for text in (*texts.values(), *(name for name in scope if name is not None)))
    if type(values["sequence"]) is not int or not are_texts:
        return UnreadableEntry(values["sequence"])
    return AuditEntry(sequence=values["sequence"], at=at, details=details, scope=Scope(*scope), **texts)


def _read_moment(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _read_details(value: Any) -> Mapping[str, Any]:
    details = json.loads(value) if isinstance(value, str | bytes) else value
    if not isinstance(details, dict):
        raise TypeError("details are a JSON object")
    return details
