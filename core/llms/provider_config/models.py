"""The tables of stored configurations. Names and columns are those that users of the SDK's documents know."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Float, ForeignKey, Integer, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.llms.provider_config.access.operations import DEFAULT_ORGANISATION, DEFAULT_WORKSPACE
from core.llms.storage.base import Base, Encrypted, ExactJson, Name, UtcDateTime

NAME_LENGTH: Final = 255
# The most rows of parameters of which each inherits from the next.
MAX_CHAIN: Final = 8


def _now() -> datetime:
    return datetime.now(UTC)


class Kept:
    """What every row has: when it was made and changed, and a version that each change raises by one."""

    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now, onupdate=_now)
    version: Mapped[int] = mapped_column(Integer, default=1)


class _Owned(Kept):
    """What belongs to a workspace of an organisation, which access goes by."""

    organisation: Mapped[str] = mapped_column(Name(NAME_LENGTH), default=DEFAULT_ORGANISATION)
    workspace: Mapped[str] = mapped_column(Name(NAME_LENGTH), default=DEFAULT_WORKSPACE)


class LLMParameters(_Owned, Base):
    """Parameters of generation under a name. None is not set; `extra_parameters` has further neutral names.

    What is not set is inherited from the row `parent_id`, else from the packaged `preset`; not what `unset` names.
    """

    __tablename__ = "llm_parameters"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(Name(NAME_LENGTH), unique=True)
    description: Mapped[str | None] = mapped_column(Text)
    max_new_tokens: Mapped[int | None] = mapped_column(Integer)
    temperature: Mapped[float | None] = mapped_column(Float(53))
    top_k: Mapped[int | None] = mapped_column(Integer)
    top_p: Mapped[float | None] = mapped_column(Float(53))
    frequency_penalty: Mapped[float | None] = mapped_column(Float(53))
    presence_penalty: Mapped[float | None] = mapped_column(Float(53))
    stop_sequences: Mapped[list[str] | None] = mapped_column(ExactJson)
    seed: Mapped[int | None] = mapped_column(Integer)
    extra_parameters: Mapped[dict[str, Any]] = mapped_column(ExactJson, default=dict)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("llm_parameters.id", ondelete="RESTRICT"), index=True)
    preset: Mapped[str | None] = mapped_column(Name(NAME_LENGTH))
    unset: Mapped[list[str]] = mapped_column(ExactJson, default=list)
    parent_row: Mapped[LLMParameters | None] = relationship(
        lazy="selectin", join_depth=MAX_CHAIN, remote_side="LLMParameters.id"
    )

    @property
    def parent(self) -> str | None:
        """The name of the row that it inherits from."""
        return None if self.parent_row is None else self.parent_row.name

    @property
    def ancestors(self) -> list[LLMParameters]:
        """The rows that it inherits from, the nearest first."""
        found: list[LLMParameters] = []
        above = self.parent_row
        while above is not None and len(found) < MAX_CHAIN:
            found.append(above)
            above = above.parent_row
        return found


class PromptTemplate(_Owned, Base):
    """How a prompt is put, under a name: instructions, and what stands before each part."""

    __tablename__ = "prompt_templates"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(Name(NAME_LENGTH), unique=True)
    provider: Mapped[str | None] = mapped_column(Name(NAME_LENGTH))
    description: Mapped[str | None] = mapped_column(Text)
    system_prompt: Mapped[str | None] = mapped_column(Text)
    context_prefix: Mapped[str | None] = mapped_column(Text)
    query_prefix: Mapped[str | None] = mapped_column(Text)
    answer_prefix: Mapped[str | None] = mapped_column(Text)


class Credential(_Owned, Base):
    """Secrets of one account, encrypted. `version` counts changes of the secrets, not of the key that wraps theirs."""

    __tablename__ = "credentials"
    # An id is never given again: what is encrypted is bound to it.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(Name(NAME_LENGTH), unique=True)
    provider: Mapped[str] = mapped_column(Name(NAME_LENGTH))
    description: Mapped[str | None] = mapped_column(Text)
    ciphertext: Mapped[bytes] = mapped_column(Encrypted, deferred=True, deferred_group="sealed")
    nonce: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_group="sealed")
    wrapped_key: Mapped[bytes] = mapped_column(Encrypted, deferred=True, deferred_group="sealed")
    key_id: Mapped[str] = mapped_column(Name(NAME_LENGTH), index=True)
    algorithm: Mapped[str] = mapped_column(Name(40))
    last_rotated: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ProviderModelConfig(_Owned, Base):
    """One model of one provider, as a team uses it."""

    __tablename__ = "provider_model_configs"
    __table_args__ = (UniqueConstraint("provider_name", "model_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    model_id: Mapped[str] = mapped_column(Name(NAME_LENGTH))
    provider_version: Mapped[str | None] = mapped_column(Name(NAME_LENGTH))
    provider_name: Mapped[str] = mapped_column(Name(NAME_LENGTH))
    alias: Mapped[str | None] = mapped_column(Name(NAME_LENGTH), unique=True)
    description: Mapped[str | None] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    verification_status: Mapped[str] = mapped_column(Name(20), default="pending")
    verification_error: Mapped[str | None] = mapped_column(Text)
    last_verified: Mapped[datetime | None] = mapped_column(UtcDateTime)
    base_url: Mapped[str | None] = mapped_column(Text)
    api_key_env: Mapped[str | None] = mapped_column(Name(NAME_LENGTH))
    settings: Mapped[dict[str, Any]] = mapped_column(ExactJson, default=dict)
    parameters_id: Mapped[int] = mapped_column(ForeignKey("llm_parameters.id", ondelete="CASCADE"), index=True)
    prompt_template_id: Mapped[int | None] = mapped_column(
        ForeignKey("prompt_templates.id", ondelete="SET NULL"), index=True
    )
    credential_id: Mapped[int | None] = mapped_column(ForeignKey("credentials.id", ondelete="RESTRICT"), index=True)
    parameters: Mapped[LLMParameters] = relationship(lazy="joined", innerjoin=True)
    prompt_template: Mapped[PromptTemplate | None] = relationship(lazy="joined")
    credential: Mapped[Credential | None] = relationship(lazy="joined")


class ConfigGeneration(Base):
    """One row, whose number every change raises: whoever has read an older one reads anew."""

    __tablename__ = "config_generation"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    generation: Mapped[int] = mapped_column(Integer)


class RoleGrant(Base):
    """A role that a subject has, or must not have, within a scope; None is all of a level."""

    __tablename__ = "role_grants"
    # An id that was revoked is never that of another grant.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    subject: Mapped[str] = mapped_column(Name(NAME_LENGTH), index=True)
    role: Mapped[str] = mapped_column(Name(40))
    is_denial: Mapped[bool] = mapped_column(Boolean, default=False)
    organisation: Mapped[str | None] = mapped_column(Name(NAME_LENGTH))
    workspace: Mapped[str | None] = mapped_column(Name(NAME_LENGTH))
    provider: Mapped[str | None] = mapped_column(Name(NAME_LENGTH))
    model: Mapped[str | None] = mapped_column(Name(NAME_LENGTH))
    granted_by: Mapped[str] = mapped_column(Name(NAME_LENGTH))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)


class ApiToken(Base):
    """A token of the API: whoever has it acts as its subject. Of itself only a digest is stored."""

    __tablename__ = "api_tokens"

    id: Mapped[str] = mapped_column(Name(40), primary_key=True)
    subject: Mapped[str] = mapped_column(Name(NAME_LENGTH), index=True)
    description: Mapped[str | None] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Name(64))
    created_by: Mapped[str] = mapped_column(Name(NAME_LENGTH))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuditEntryRow(Base):
    """One thing that was done, or was denied. `hash` is of everything before it, `previous_hash`, too."""

    __tablename__ = "audit_entries"

    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(Name(NAME_LENGTH), index=True)
    action: Mapped[str] = mapped_column(Name(40))
    outcome: Mapped[str] = mapped_column(Name(20))
    kind: Mapped[str] = mapped_column(Name(40))
    name: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str | None] = mapped_column(Name(NAME_LENGTH))
    workspace: Mapped[str | None] = mapped_column(Name(NAME_LENGTH))
    provider: Mapped[str | None] = mapped_column(Name(NAME_LENGTH))
    model: Mapped[str | None] = mapped_column(Name(NAME_LENGTH))
    details: Mapped[dict[str, Any]] = mapped_column(ExactJson)
    previous_hash: Mapped[str] = mapped_column(Name(64))
    hash: Mapped[str] = mapped_column(Name(64))


class AuditHead(Base):
    """One row: the last entry of the audit, without which its end could be cut off unseen."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(Name(64))


class RevisionRow(Base):
    """What a configuration, parameters or a template were at one version; None where it was deleted then."""

    __tablename__ = "config_revisions"
    __table_args__ = (UniqueConstraint("kind", "name", "number"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(Name(40))
    name: Mapped[str] = mapped_column(Name(2 * NAME_LENGTH + 1))
    number: Mapped[int] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(Name(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=_now)
    actor: Mapped[str] = mapped_column(Name(NAME_LENGTH))
    content: Mapped[dict[str, Any] | None] = mapped_column(ExactJson)
