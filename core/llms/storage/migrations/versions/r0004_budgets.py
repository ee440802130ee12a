"""What is spent and reserved of budgets."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MONEY = sa.Numeric(19, 12).with_variant(sa.BigInteger(), "sqlite")
_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade(operations: Operations) -> None:
    """Make `budget_spendings` and `budget_reservations`."""
    operations.create_table(
        "budget_spendings",
        sa.Column("account", _NAME, nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("usd", _MONEY, nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("unpriced_calls", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("account", "slot", name="pk_budget_spendings"),
    )
    operations.create_index("ix_budget_spendings_ends_at", "budget_spendings", ["ends_at"])
    operations.create_table(
        "budget_reservations",
        sa.Column("account", _NAME, nullable=False),
        sa.Column("id", _NAME, nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("usd", _MONEY, nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("account", "id", name="pk_budget_reservations"),
    )
    operations.create_index("ix_budget_reservations_ends_at", "budget_reservations", ["ends_at"])


def downgrade(operations: Operations) -> None:
    """Drop both and what is in them."""
    operations.drop_table("budget_reservations")
    operations.drop_table("budget_spendings")
