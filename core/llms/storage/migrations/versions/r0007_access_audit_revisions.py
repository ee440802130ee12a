"""Whose each row is, who may do what, what was done, and what everything was before."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(sa.Text(), "sqlite")
_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_OWNED = ("llm_parameters", "prompt_templates", "credentials", "provider_model_configs")
_SCOPE = ("organisation", "workspace", "provider", "model")


def upgrade(operations: Operations) -> None:
    """Put every row into the workspace `default` of the organisation `default`, and make the four tables."""
    for table in _OWNED:
        # Not SQLite's way of making the table anew: what refers to it, and its ids, stay as they are.
        for column in ("organisation", "workspace"):
            operations.add_column(table, sa.Column(column, _NAME, nullable=False, server_default="default"))
    _create_grants(operations)
    _create_audit(operations)
    operations.create_table(
        "config_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _NAME, nullable=False),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("action", _NAME, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", _NAME, nullable=False),
        sa.Column("content", _JSON),
        sa.PrimaryKeyConstraint("id", name="pk_config_revisions"),
        sa.UniqueConstraint("kind", "name", "number", name="uq_config_revisions_kind_name_number"),
    )


def _create_grants(operations: Operations) -> None:
    operations.create_table(
        "role_grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", _NAME, nullable=False),
        sa.Column("role", _NAME, nullable=False),
        sa.Column("is_denial", sa.Boolean(), nullable=False),
        *(sa.Column(level, _NAME) for level in _SCOPE),
        sa.Column("granted_by", _NAME, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_role_grants"),
        sqlite_autoincrement=True,
    )
    operations.create_index("ix_role_grants_subject", "role_grants", ["subject"])


def _create_audit(operations: Operations) -> None:
    operations.create_table(
        "audit_entries",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", _NAME, nullable=False),
        sa.Column("action", _NAME, nullable=False),
        sa.Column("outcome", _NAME, nullable=False),
        sa.Column("kind", _NAME, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        *(sa.Column(level, _NAME) for level in _SCOPE),
        sa.Column("details", _JSON, nullable=False),
        sa.Column("previous_hash", _NAME, nullable=False),
        sa.Column("hash", _NAME, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit_entries"),
    )
    for column in ("at", "actor"):
        operations.create_index(f"ix_audit_entries_{column}", "audit_entries", [column])
    head = operations.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", _NAME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    operations.bulk_insert(head, [{"id": 1, "sequence": 0, "hash": "0" * 64}])


def downgrade(operations: Operations) -> None:
    """Drop the four tables and what is in them, and whose each row is."""
    for table in ("config_revisions", "audit_head", "audit_entries", "role_grants"):
        operations.drop_table(table)
    for table in _OWNED:
        for column in ("organisation", "workspace"):
            operations.drop_column(table, column)
