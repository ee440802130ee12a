"""Facts of models that users and detectors state."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(sa.Text(), "sqlite")
_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade(operations: Operations) -> None:
    """Make `model_profiles`."""
    operations.create_table(
        "model_profiles",
        sa.Column("provider", _NAME, nullable=False),
        sa.Column("model_id", _NAME, nullable=False),
        sa.Column("facts", _JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider", "model_id", name="pk_model_profiles"),
    )


def downgrade(operations: Operations) -> None:
    """Drop `model_profiles` and what is in it."""
    operations.drop_table("model_profiles")
