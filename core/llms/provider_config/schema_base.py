"""What all schemas share: strictness, where a row belongs, and what every stored row has."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.llms.provider_config.access.operations import DEFAULT_ORGANISATION, DEFAULT_WORKSPACE

Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=255)]


class Schema(BaseModel):
    """Nothing but what is declared, and no text that a database cannot hold."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, protected_namespaces=())

    @field_validator("*", mode="after")
    @classmethod
    def _has_no_nul(cls, value: Any) -> Any:
        if isinstance(value, str) and ("\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value)):
            raise ValueError("it has a character that a database cannot hold")
        return value


class Stored(Schema):
    """What every stored row has."""

    model_config = ConfigDict(frozen=True)

    id: int
    version: int
    created_at: datetime
    updated_at: datetime


class Placed(Schema):
    """Where a row that is to be stored belongs: by default where the configuration does that it is stored with."""

    organisation: Name | None = None
    workspace: Name | None = None


class Owned(Stored):
    """What belongs to a workspace of an organisation, which access goes by."""

    organisation: str = DEFAULT_ORGANISATION
    workspace: str = DEFAULT_WORKSPACE
