"""`AuditEntry` and the hash that chains it to the one before. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias

from core.llms.provider_config.access.operations import EVERYTHING, Scope

Outcome: TypeAlias = Literal["done", "denied"]
FIRST_HASH: Final = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """What is to be written down: who did what to which thing. `details` hold no secret, only fingerprints of some."""

    actor: str
    action: str
    kind: str
    name: str
    scope: Scope = EVERYTHING
    outcome: Outcome = "done"
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry(AuditRecord):
    """What was written down, and its place in the chain. Sequences count from 1, without gaps."""

    sequence: int
    at: datetime
    previous_hash: str
    hash: str

    def compute_hash(self) -> str:
        """Return the hash that the entry should have: SHA-256, in hexadecimal digits, of all else that is in it."""
        content = {
            "sequence": self.sequence,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": self.actor,
            "action": self.action,
            "outcome": self.outcome,
            "kind": self.kind,
            "name": self.name,
            "scope": [self.scope.organisation, self.scope.workspace, self.scope.provider, self.scope.model],
            "details": self.details,
            "previous": self.previous_hash,
        }
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class UnreadableEntry:
    """What stands where an entry was, and can be none. `sequence` is what it has for its number, of whatever type."""

    sequence: object
