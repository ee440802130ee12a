"""What the service tells of credentials and of rotations. No secret is in any of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import BaseModel, ConfigDict


class CredentialResponse(BaseModel):
    """A credential as stored, without its secrets.

    `fingerprints` has one for each secret by its name: equal ones are of equal secrets. They are made with the current
    encryption key, and are others when that is another. A credential that cannot be decrypted has none, but a
    `problem`. `version` counts changes of the secrets; `last_rotated` is when its data key was last wrapped anew.
    """

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: int
    name: str
    provider: str
    description: str | None
    key_id: str
    algorithm: str
    version: int
    created_at: datetime
    updated_at: datetime
    last_rotated: datetime | None
    fingerprints: Mapping[str, str] = {}
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RotationReport:
    """What a rotation did: how many credentials got the key `key_id`, and which did not, each with the reason."""

    key_id: str
    rewrapped: int
    failures: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether no credential needs an older key any more."""
        return not self.failures
