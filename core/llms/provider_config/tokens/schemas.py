"""What is told of tokens. The token itself is in `CreatedToken` alone, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict

from core.llms.types.secrets import Secret


class ApiTokenResponse(BaseModel):
    """A token as stored. `last_used` is exact to a minute; a token that was revoked stays, with when that was."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    subject: str
    description: str | None
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    last_used: datetime | None
    revoked_at: datetime | None

    @property
    def is_usable(self) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class CreatedToken:
    """A token that was just made. `text` is what it is used by, and cannot be had again."""

    token: ApiTokenResponse
    text: Secret
