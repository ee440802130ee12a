"""The tables of health: what was found out and when, how each configuration stands, and who may check now."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Float, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.llms.storage.base import Base, ExactJson, Name, UtcDateTime

LEASE_NAME_LENGTH: Final = 100
HOLDER_LENGTH: Final = 255
_CONFIG: Final = "provider_model_configs.id"


class HealthCheckRow(Base):
    """One check, or the live calls of one minute that ended alike: `calls` of them, with `latencies` as a histogram."""

    __tablename__ = "health_checks"
    __table_args__ = (Index("ix_health_checks_config_id_at", "config_id", "at"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    config_id: Mapped[int] = mapped_column(ForeignKey(_CONFIG, ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    kind: Mapped[str] = mapped_column(Name(20))
    outcome: Mapped[str] = mapped_column(Name(20))
    calls: Mapped[int] = mapped_column(Integer)
    latency_seconds: Mapped[float] = mapped_column(Float(53))
    latencies: Mapped[dict[str, Any] | None] = mapped_column(ExactJson)
    error_class: Mapped[str | None] = mapped_column(Name(100))
    status: Mapped[int | None] = mapped_column(Integer)
    message: Mapped[str | None] = mapped_column(Text)


class HealthStateRow(Base):
    """How a configuration stands now, and when it is to be checked next.

    `switched_off_at` is set while health has switched it off, and nobody else has said anything about that since.
    """

    __tablename__ = "health_states"

    config_id: Mapped[int] = mapped_column(ForeignKey(_CONFIG, ondelete="CASCADE"), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    observed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    succeeded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(Name(20))
    failures_in_a_row: Mapped[int] = mapped_column(Integer, default=0)
    successes_in_a_row: Mapped[int] = mapped_column(Integer, default=0)
    error_class: Mapped[str | None] = mapped_column(Name(100))
    status: Mapped[int | None] = mapped_column(Integer)
    message: Mapped[str | None] = mapped_column(Text)
    switched_off_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    switched_off_reason: Mapped[str | None] = mapped_column(Text)


class LeaseRow(Base):
    """Who alone may do something until `ends_at`. Each new holder raises `term`, so that an old one is known by its."""

    __tablename__ = "health_leases"

    name: Mapped[str] = mapped_column(Name(LEASE_NAME_LENGTH), primary_key=True)
    holder: Mapped[str] = mapped_column(Name(HOLDER_LENGTH))
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    term: Mapped[int] = mapped_column(Integer)
