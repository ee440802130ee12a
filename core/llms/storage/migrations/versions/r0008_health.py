"""Whether the providers of configurations answer, and which process finds out."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(sa.Text(), "sqlite")
_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def _of_config(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_config_id_provider_model_configs"
    return sa.ForeignKeyConstraint(["config_id"], ["provider_model_configs.id"], name=name, ondelete="CASCADE")


def _error() -> tuple[sa.Column[object], ...]:
    return (sa.Column("error_class", _NAME), sa.Column("status", sa.Integer()), sa.Column("message", sa.Text()))


def upgrade(operations: Operations) -> None:
    """Make the three tables."""
    operations.create_table(
        "health_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("config_id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("kind", _NAME, nullable=False),
        sa.Column("outcome", _NAME, nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("latency_seconds", sa.Float(53), nullable=False),
        sa.Column("latencies", _JSON),
        *_error(),
        sa.PrimaryKeyConstraint("id", name="pk_health_checks"),
        _of_config("health_checks"),
    )
    operations.create_index("ix_health_checks_config_id_at", "health_checks", ["config_id", "at"])
    operations.create_index("ix_health_checks_at", "health_checks", ["at"])
    operations.create_table(
        "health_states",
        sa.Column("config_id", sa.Integer(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        *(sa.Column(name, _MOMENT) for name in ("checked_at", "observed_at", "succeeded_at")),
        sa.Column("outcome", _NAME),
        sa.Column("failures_in_a_row", sa.Integer(), nullable=False),
        sa.Column("successes_in_a_row", sa.Integer(), nullable=False),
        *_error(),
        sa.Column("switched_off_at", _MOMENT),
        sa.Column("switched_off_reason", sa.Text()),
        sa.PrimaryKeyConstraint("config_id", name="pk_health_states"),
        _of_config("health_states"),
    )
    operations.create_index("ix_health_states_due_at", "health_states", ["due_at"])
    operations.create_table(
        "health_leases",
        sa.Column("name", _NAME, nullable=False),
        sa.Column("holder", _NAME, nullable=False),
        sa.Column("ends_at", _MOMENT, nullable=False),
        sa.Column("term", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_health_leases"),
    )


def downgrade(operations: Operations) -> None:
    """Drop the three tables and what is in them."""
    for table in ("health_leases", "health_states", "health_checks"):
        operations.drop_table(table)
