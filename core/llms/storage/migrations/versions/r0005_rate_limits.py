"""Rate limits that processes share."""

import sqlalchemy as sa
from alembic.operations import Operations
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql").with_variant(sa.Text(), "sqlite")
_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_MOMENTS = (
    "requests_per_minute",
    "tokens_per_minute",
    "input_tokens_per_minute",
    "output_tokens_per_minute",
    "requests_per_day",
    "tokens_per_day",
)


def upgrade(operations: Operations) -> None:
    """Make `rate_limits`."""
    # What it holds is of the last minute, for the most part: no reservation is to wait until it is on disk.
    prefixes = ["UNLOGGED"] if operations.get_bind().dialect.name == "postgresql" else []
    operations.create_table(
        "rate_limits",
        sa.Column("digest", _NAME, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("moment", sa.Float(53), nullable=False),
        sa.Column("held_until", sa.Float(53), nullable=False),
        sa.Column("leases", _JSON, nullable=False),
        *(sa.Column(name, sa.Float(53), nullable=False) for name in _MOMENTS),
        sa.PrimaryKeyConstraint("digest", name="pk_rate_limits"),
        prefixes=prefixes,
    )


def downgrade(operations: Operations) -> None:
    """Drop `rate_limits` and what is in it."""
    operations.drop_table("rate_limits")
