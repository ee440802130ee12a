"""Every table of the SDK, as mapped classes. What changes here changes in `migrations`, too; a test compares them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Mapped, mapped_column

from core.llms.storage.base import Base, ExactJson, Name, UtcDateTime

# Together they fit into the largest entry of PostgreSQL's indexes, 2,704 bytes, at 4 bytes a character.
PROVIDER_LENGTH: Final = 100
MODEL_ID_LENGTH: Final = 500


class ModelProfileRow(Base):
    """What a user, or a detector, states of one model: `facts` has that alone, as the files have it."""

    __tablename__ = "model_profiles"

    provider: Mapped[str] = mapped_column(Name(PROVIDER_LENGTH), primary_key=True)
    model_id: Mapped[str] = mapped_column(Name(MODEL_ID_LENGTH), primary_key=True)
    facts: Mapped[dict[str, Any]] = mapped_column(ExactJson)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
