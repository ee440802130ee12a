"""What the REST API knows its callers by."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade(operations: Operations) -> None:
    """Make the table."""
    operations.create_table(
        "api_tokens",
        sa.Column("id", _NAME, nullable=False),
        sa.Column("subject", _NAME, nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("digest", _NAME, nullable=False),
        sa.Column("created_by", _NAME, nullable=False),
        *(sa.Column(moment, sa.DateTime(timezone=True), nullable=moment != "created_at") for moment in _MOMENTS),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
    )
    operations.create_index("ix_api_tokens_subject", "api_tokens", ["subject"])


_MOMENTS = ("created_at", "expires_at", "last_used", "revoked_at")


def downgrade(operations: Operations) -> None:
    """Drop the table: no token holds any more."""
    operations.drop_table("api_tokens")
