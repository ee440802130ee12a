"""Parameters that inherit from others and from presets, and the version of a provider's API that is used."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(sa.Text(), "sqlite")
_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_PARAMETERS = "llm_parameters"
_REFERENCE = "fk_llm_parameters_parent_id_llm_parameters"
_INDEX = "ix_llm_parameters_parent_id"


def upgrade(operations: Operations) -> None:
    """Let `llm_parameters` refer to each other and to presets, and configurations name a version."""
    with operations.batch_alter_table(_PARAMETERS) as table:
        table.add_column(sa.Column("parent_id", sa.Integer()))
        table.add_column(sa.Column("preset", _NAME))
        table.add_column(sa.Column("unset", _JSON, nullable=False, server_default="[]"))
        table.create_foreign_key(_REFERENCE, _PARAMETERS, ["parent_id"], ["id"], ondelete="RESTRICT")
    operations.create_index(_INDEX, _PARAMETERS, ["parent_id"])
    operations.add_column("provider_model_configs", sa.Column("provider_version", _NAME))


def downgrade(operations: Operations) -> None:
    """Drop what is inherited, and the versions."""
    operations.drop_column("provider_model_configs", "provider_version")
    operations.drop_index(_INDEX, _PARAMETERS)
    with operations.batch_alter_table(_PARAMETERS) as table:
        table.drop_constraint(_REFERENCE, type_="foreignkey")
        for column in ("parent_id", "preset", "unset"):
            table.drop_column(column)
