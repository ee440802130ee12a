"""`Outcome`: what one check, or one live call, says of a provider; and which error says what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.llms.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    DeadlineExceededError,
    LLMError,
    LLMTimeoutError,
    NotFoundError,
    OverloadedError,
    PermissionDeniedError,
    ProtocolError,
    QuotaExceededError,
    RateLimitError,
    RequestTooLargeError,
    StreamInterruptedError,
    TransportError,
)
from core.llms.runtime.secret_patterns import mask_secrets

_LONGEST_MESSAGE: Final = 500


class Outcome(StrEnum):
    """What was found out."""

    OK = "ok"
    """It answers."""
    FAILED = "failed"
    """It does not, and may soon again: several in a row count."""
    REFUSED = "refused"
    """It will not, for this credential or this model: one counts."""
    BUSY = "busy"
    """It answers others: a rate limit, or no capacity now. It is never switched off for that."""
    INCONCLUSIVE = "inconclusive"
    """It was not asked: this process lacks a key or a setting. It says nothing of the provider."""


BAD: Final = frozenset({Outcome.FAILED, Outcome.REFUSED})

DEFAULT_OUTCOMES: Final[Mapping[type[LLMError], Outcome]] = {
    LLMError: Outcome.INCONCLUSIVE,
    APIError: Outcome.FAILED,
    TransportError: Outcome.FAILED,
    ProtocolError: Outcome.FAILED,
    LLMTimeoutError: Outcome.FAILED,
    StreamInterruptedError: Outcome.FAILED,
    AuthenticationError: Outcome.REFUSED,
    PermissionDeniedError: Outcome.REFUSED,
    NotFoundError: Outcome.REFUSED,
    RateLimitError: Outcome.BUSY,
    OverloadedError: Outcome.BUSY,
    QuotaExceededError: Outcome.FAILED,
}
"""What each error says, where no entry of a class nearer to it says otherwise."""

# What a caller asked for, and for how long it waited, is no matter of the provider's health.
_OF_THE_CALLER: Final = (BadRequestError, RequestTooLargeError, ConflictError, DeadlineExceededError)


@dataclass(frozen=True, slots=True)
class Finding:
    """An outcome, and of a failure the error's class, HTTP status, and message without secrets."""

    outcome: Outcome
    error_class: str | None = None
    status: int | None = None
    message: str | None = None


SUCCESS: Final = Finding(Outcome.OK)


def read_error(error: LLMError, outcomes: Mapping[type[LLMError], Outcome] = DEFAULT_OUTCOMES) -> Finding:
    """Say what an error is to health."""
    outcome = next((outcomes[kind] for kind in type(error).__mro__ if kind in outcomes), Outcome.INCONCLUSIVE)
    return Finding(outcome, type(error).__name__, getattr(error, "status", None), _clean(str(error)))


def read_call_error(error: Exception, outcomes: Mapping[type[LLMError], Outcome] = DEFAULT_OUTCOMES) -> Finding:
    """Say what the error of a live call is to health: nothing where it failed by what its caller asked for."""
    if not isinstance(error, LLMError) or isinstance(error, _OF_THE_CALLER):
        return Finding(Outcome.INCONCLUSIVE)
    return read_error(error, outcomes)


def _clean(message: str) -> str:
    text = " ".join(mask_secrets(message).encode("utf-8", "replace").decode().replace("\0", "?").split())
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[: _LONGEST_MESSAGE - 1]}…"
