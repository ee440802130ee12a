"""Credentials, encrypted, and which of them a configuration uses."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_CONFIGS = "provider_model_configs"
_REFERENCE = "fk_provider_model_configs_credential_id_credentials"
_INDEX = "ix_provider_model_configs_credential_id"


def upgrade(operations: Operations) -> None:
    """Make `credentials`, and let `provider_model_configs` refer to it."""
    operations.create_table(
        "credentials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("provider", _NAME, nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", _NAME, nullable=False),
        sa.Column("algorithm", _NAME, nullable=False),
        sa.Column("last_rotated", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_credentials"),
        sa.UniqueConstraint("name", name="uq_credentials_name"),
        sqlite_autoincrement=True,
    )
    operations.create_index("ix_credentials_key_id", "credentials", ["key_id"])
    with operations.batch_alter_table(_CONFIGS) as table:
        table.add_column(sa.Column("credential_id", sa.Integer()))
        table.create_foreign_key(_REFERENCE, "credentials", ["credential_id"], ["id"], ondelete="RESTRICT")
    operations.create_index(_INDEX, _CONFIGS, ["credential_id"])


def downgrade(operations: Operations) -> None:
    """Drop `credentials` and what is in it."""
    operations.drop_index(_INDEX, _CONFIGS)
    with operations.batch_alter_table(_CONFIGS) as table:
        table.drop_constraint(_REFERENCE, type_="foreignkey")
        table.drop_column("credential_id")
    operations.drop_table("credentials")
