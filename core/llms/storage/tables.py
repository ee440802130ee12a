"""Every table of the SDK, as mapped classes. What changes here changes in `migrations`, too; a test compares them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import JSON, BigInteger, Float, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.llms.storage.base import Base, ExactJson, Money, Name, UtcDateTime

# Together they fit into the largest entry of PostgreSQL's indexes, 2,704 bytes, at 4 bytes a character.
PROVIDER_LENGTH: Final = 100
MODEL_ID_LENGTH: Final = 500
USAGE_NAME_LENGTH: Final = 500
ACCOUNT_LENGTH: Final = 300


class ModelProfileRow(Base):
    """What a user, or a detector, states of one model: `facts` has that alone, as the files have it."""

    __tablename__ = "model_profiles"

    provider: Mapped[str] = mapped_column(Name(PROVIDER_LENGTH), primary_key=True)
    model_id: Mapped[str] = mapped_column(Name(MODEL_ID_LENGTH), primary_key=True)
    facts: Mapped[dict[str, Any]] = mapped_column(ExactJson)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UsageTotalsRow(Base):
    """What calls of one hour consumed that agree in all their names, of which `digest` is the short form."""

    __tablename__ = "usage_totals"

    digest: Mapped[str] = mapped_column(Name(64), primary_key=True)
    hour: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    provider: Mapped[str] = mapped_column(Name(USAGE_NAME_LENGTH))
    model: Mapped[str] = mapped_column(Name(USAGE_NAME_LENGTH))
    operation: Mapped[str] = mapped_column(Name(USAGE_NAME_LENGTH))
    alias: Mapped[str] = mapped_column(Name(USAGE_NAME_LENGTH))
    user_id: Mapped[str] = mapped_column(Name(USAGE_NAME_LENGTH))
    tags: Mapped[list[str]] = mapped_column(ExactJson)
    calls: Mapped[int] = mapped_column(BigInteger)
    succeeded: Mapped[int] = mapped_column(BigInteger)
    failed: Mapped[int] = mapped_column(BigInteger)
    cancelled: Mapped[int] = mapped_column(BigInteger)
    cached: Mapped[int] = mapped_column(BigInteger)
    attempts: Mapped[int] = mapped_column(BigInteger)
    unpriced: Mapped[int] = mapped_column(BigInteger)
    input_tokens: Mapped[int] = mapped_column(BigInteger)
    output_tokens: Mapped[int] = mapped_column(BigInteger)
    cache_read_tokens: Mapped[int] = mapped_column(BigInteger)
    cache_write_tokens: Mapped[int] = mapped_column(BigInteger)
    reasoning_tokens: Mapped[int] = mapped_column(BigInteger)
    seconds: Mapped[float] = mapped_column(Float(53))
    cost: Mapped[Decimal] = mapped_column(Money)
    maybe_charged_cost: Mapped[Decimal] = mapped_column(Money)
    saved_cost: Mapped[Decimal] = mapped_column(Money)


class BudgetSpendingRow(Base):
    """What is spent of one account of a budget in one slot of its time, which counts until `ends_at`."""

    __tablename__ = "budget_spendings"

    account: Mapped[str] = mapped_column(Name(ACCOUNT_LENGTH), primary_key=True)
    slot: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    usd: Mapped[Decimal] = mapped_column(Money)
    tokens: Mapped[int] = mapped_column(BigInteger)
    unpriced_calls: Mapped[int] = mapped_column(BigInteger)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class BudgetReservationRow(Base):
    """What one call holds of one account of a budget, until it is settled or expires."""

    __tablename__ = "budget_reservations"

    account: Mapped[str] = mapped_column(Name(ACCOUNT_LENGTH), primary_key=True)
    id: Mapped[str] = mapped_column(Name(64), primary_key=True)
    slot: Mapped[int] = mapped_column(BigInteger)
    usd: Mapped[Decimal] = mapped_column(Money)
    tokens: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class RateLimitRow(Base):
    """The limits under one key, of which `digest` is the short form: for each, the moment up to which it is used.

    Moments are seconds of whatever clock the store goes by. `leases` are the places that are taken, from id to the
    moment at which they end. On PostgreSQL the table is not logged.
    """

    __tablename__ = "rate_limits"

    digest: Mapped[str] = mapped_column(Name(64), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    moment: Mapped[float] = mapped_column(Float(53))
    held_until: Mapped[float] = mapped_column(Float(53))
    leases: Mapped[Any] = mapped_column(JSON().with_variant(JSONB(), "postgresql").with_variant(Text(), "sqlite"))
    requests_per_minute: Mapped[float] = mapped_column(Float(53))
    tokens_per_minute: Mapped[float] = mapped_column(Float(53))
    input_tokens_per_minute: Mapped[float] = mapped_column(Float(53))
    output_tokens_per_minute: Mapped[float] = mapped_column(Float(53))
    requests_per_day: Mapped[float] = mapped_column(Float(53))
    tokens_per_day: Mapped[float] = mapped_column(Float(53))
