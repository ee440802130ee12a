"""What differs between two versions of a thing, as it is answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from core.llms.provider_config.revisions.differences import FieldChange
from core.llms.provider_config.server.shown import shown_value


class FieldDifference(BaseModel):
    """A field that differs: its path, as `parameters.temperature`, and what it was and is. Null is not set."""

    field: str
    before: Any = None
    after: Any = None


def render_differences(changes: Iterable[FieldChange]) -> list[FieldDifference]:
    """Return changes as they are answered: without settings that could be secret."""
    return [
        FieldDifference(
            field=change.field,
            before=shown_value(change.field, change.before),
            after=shown_value(change.field, change.after),
        )
        for change in changes
    ]
