"""What a team uses: models of providers, parameters and templates, and the number of changes to them."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(sa.Text(), "sqlite")
_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _kept() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )


def upgrade(operations: Operations) -> None:
    """Make the four tables, and the one row of `config_generation`."""
    operations.create_table(
        "llm_parameters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("max_new_tokens", sa.Integer()),
        sa.Column("temperature", sa.Float(53)),
        sa.Column("top_k", sa.Integer()),
        sa.Column("top_p", sa.Float(53)),
        sa.Column("frequency_penalty", sa.Float(53)),
        sa.Column("presence_penalty", sa.Float(53)),
        sa.Column("stop_sequences", _JSON),
        sa.Column("seed", sa.Integer()),
        sa.Column("extra_parameters", _JSON, nullable=False),
        *_kept(),
        sa.PrimaryKeyConstraint("id", name="pk_llm_parameters"),
        sa.UniqueConstraint("name", name="uq_llm_parameters_name"),
    )
    operations.create_table(
        "prompt_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", _NAME, nullable=False),
        sa.Column("provider", _NAME),
        sa.Column("description", sa.Text()),
        sa.Column("system_prompt", sa.Text()),
        sa.Column("context_prefix", sa.Text()),
        sa.Column("query_prefix", sa.Text()),
        sa.Column("answer_prefix", sa.Text()),
        *_kept(),
        sa.PrimaryKeyConstraint("id", name="pk_prompt_templates"),
        sa.UniqueConstraint("name", name="uq_prompt_templates_name"),
    )
    _create_configs(operations)
    generation = operations.create_table(
        "config_generation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_config_generation"),
    )
    operations.bulk_insert(generation, [{"id": 1, "generation": 0}])


def _create_configs(operations: Operations) -> None:
    operations.create_table(
        "provider_model_configs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("model_id", _NAME, nullable=False),
        sa.Column("provider_name", _NAME, nullable=False),
        sa.Column("alias", _NAME),
        sa.Column("description", sa.Text()),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("verification_status", _NAME, nullable=False),
        sa.Column("verification_error", sa.Text()),
        sa.Column("last_verified", sa.DateTime(timezone=True)),
        sa.Column("base_url", sa.Text()),
        sa.Column("api_key_env", _NAME),
        sa.Column("settings", _JSON, nullable=False),
        sa.Column("parameters_id", sa.Integer(), nullable=False),
        sa.Column("prompt_template_id", sa.Integer()),
        *_kept(),
        sa.PrimaryKeyConstraint("id", name="pk_provider_model_configs"),
        sa.UniqueConstraint("provider_name", "model_id", name="uq_provider_model_configs_provider_name_model_id"),
        sa.UniqueConstraint("alias", name="uq_provider_model_configs_alias"),
        sa.ForeignKeyConstraint(
            ["parameters_id"],
            ["llm_parameters.id"],
            name="fk_provider_model_configs_parameters_id_llm_parameters",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["prompt_template_id"],
            ["prompt_templates.id"],
            name="fk_provider_model_configs_prompt_template_id_prompt_templates",
            ondelete="SET NULL",
        ),
    )
    for column in ("parameters_id", "prompt_template_id"):
        operations.create_index(f"ix_provider_model_configs_{column}", "provider_model_configs", [column])


def downgrade(operations: Operations) -> None:
    """Drop the four tables and what is in them."""
    for table in ("config_generation", "provider_model_configs", "prompt_templates", "llm_parameters"):
        operations.drop_table(table)
