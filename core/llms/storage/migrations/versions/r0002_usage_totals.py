"""What calls consumed, added up by the hour."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(sa.Text(), "sqlite")
_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_MONEY = sa.Numeric(19, 12).with_variant(sa.BigInteger(), "sqlite")
_COUNTS = (
    "calls",
    "succeeded",
    "failed",
    "cancelled",
    "cached",
    "attempts",
    "unpriced",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "reasoning_tokens",
)


def upgrade(operations: Operations) -> None:
    """Make `usage_totals`."""
    operations.create_table(
        "usage_totals",
        sa.Column("digest", _NAME, nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, _NAME, nullable=False) for name in ("provider", "model", "operation", "alias", "user_id")),
        sa.Column("tags", _JSON, nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _COUNTS),
        sa.Column("seconds", sa.Float(53), nullable=False),
        *(sa.Column(name, _MONEY, nullable=False) for name in ("cost", "maybe_charged_cost", "saved_cost")),
        sa.PrimaryKeyConstraint("digest", name="pk_usage_totals"),
    )
    operations.create_index("ix_usage_totals_hour", "usage_totals", ["hour"])


def downgrade(operations: Operations) -> None:
    """Drop `usage_totals` and what is in it."""
    operations.drop_table("usage_totals")
