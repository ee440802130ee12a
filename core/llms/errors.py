"""Every error of the SDK.

    LLMError
    ├── ConfigurationError (ValueError)     a setting is missing or wrong; nothing was sent
    │   └── MissingCredentialError
    ├── InvalidRequestError (ValueError)    the call cannot be made as asked; nothing was sent
    │   ├── UnsupportedParameterError
    │   ├── UnsupportedCapabilityError
    │   ├── MediaError
    │   └── PromptTooLongError              what must stay of a conversation is more than fits
    ├── APIError                            the vendor answered with an error
    │   ├── BadRequestError                 400, 422
    │   │   ├── ContextLengthExceededError
    │   │   └── ContentFilterError
    │   ├── AuthenticationError             401
    │   ├── PermissionDeniedError           403
    │   ├── NotFoundError                   404
    │   ├── ConflictError                   409
    │   ├── RequestTooLargeError            413
    │   ├── RateLimitError                  429
    │   │   └── QuotaExceededError          out of credit: waiting does not help
    │   └── ServerError                     408, 5xx and errors inside a stream
    │       └── OverloadedError             503, 529
    ├── TransportError                      the network failed
    │   ├── ConnectError                    nothing was sent
    │   └── ConnectionLostError             the vendor may have accepted the request
    ├── ProtocolError                       the answer is not what the wire allows
    │   └── ResponseTooLargeError
    ├── LLMTimeoutError (TimeoutError)      too slow: connect, first event, between events
    │   └── DeadlineExceededError           the caller's own deadline
    ├── StreamInterruptedError              cut after the first event; `partial` has what arrived
    ├── CircuitOpenError                    the target failed too often and is left alone for a while; nothing was sent
    ├── LimitReachedError                   the rate limiter cannot let the call pass in time; nothing was sent
    │   └── CostAboveLimitError             it needs more at once than a limit holds: waiting does not help
    ├── AllTargetsFailedError               every target of a route failed; `errors` has the last one of each
    ├── CacheMissError                      only the cache was asked, and it has no answer
    ├── BudgetExceededError                 a budget in money or tokens would not suffice
    ├── StorageError                        a database cannot be reached, or refused; what it held it holds still
    ├── OutputValidationError               the answer does not fit `response_model`
    └── ToolRoundsExceededError             `run_tools` reached its last round

No secret is ever in one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.llms.types.response import Attempt, LLMResponse


class Certainty(Enum):
    """What is known of the request's fate when an attempt failed."""

    NOT_SENT = "not sent"
    MAYBE_ACCEPTED = "maybe accepted"
    REFUSED = "refused"
    RESPONSE_STARTED = "response started"


class LLMError(Exception):
    """The root. `attempts` has every try of the call that failed."""

    certainty: Certainty = Certainty.NOT_SENT

    def __init__(self, message: str, *, provider: str | None = None, model: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.provider = provider
        self.model = model
        self.attempts: tuple[Attempt, ...] = ()

    def __str__(self) -> str:
        place = "/".join(name for name in (self.provider, self.model) if name)
        return f"{place}: {self.message}" if place else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.message, self.__dict__)


def _rebuild(kind: type[LLMError], message: str, state: dict[str, Any]) -> LLMError:
    error = kind.__new__(kind)
    Exception.__init__(error, message)
    error.__dict__.update(state)
    return error


class ConfigurationError(LLMError, ValueError):
    """A setting is missing or wrong."""


class MissingCredentialError(ConfigurationError):
    """No credential was given, nor is one in the environment."""


class UnknownModelError(ConfigurationError, LookupError):
    """No model, or no single one, goes by a name; the message says what comes close."""


class StorageError(LLMError):
    """A database cannot be reached, or refused a statement; the transaction was undone."""


class InvalidRequestError(LLMError, ValueError):
    """The call cannot be made as asked; the message names the field, the problem and the fix."""


class UnsupportedParameterError(InvalidRequestError):
    """The model does not take a parameter, or not with this value."""


class UnsupportedCapabilityError(InvalidRequestError):
    """The model cannot do what the call needs (see an image, say)."""


class MediaError(InvalidRequestError):
    """An image, file or recording cannot be used: missing, too large, of the wrong type, or at a forbidden address."""


class PromptTooLongError(InvalidRequestError):
    """A conversation cannot be made to fit: what must stay of it is too much already."""


class APIError(LLMError):
    """The vendor answered with an error. `code` and `type` are its own words, `body` its decoded answer."""

    certainty = Certainty.REFUSED
    retryable = False

    def __init__(
        self,
        message: str,
        *,
        provider: str | None = None,
        model: str | None = None,
        status: int | None = None,
        code: str | None = None,
        type: str | None = None,
        param: str | None = None,
        request_id: str | None = None,
        retry_after_seconds: float | None = None,
        should_retry: bool | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, provider=provider, model=model)
        self.status = status
        self.code = code
        self.type = type
        self.param = param
        self.request_id = request_id
        self.retry_after_seconds = retry_after_seconds
        self.should_retry = should_retry
        self.body = body
        self.retry_at: datetime | None = (
            None if retry_after_seconds is None else datetime.now(UTC) + timedelta(seconds=retry_after_seconds)
        )

    def __str__(self) -> str:
        facts = [str(fact) for fact in (self.status, self.code) if fact is not None]
        if self.request_id:
            facts.append(f"request {self.request_id}")
        return super().__str__() + (f" ({', '.join(facts)})" if facts else "")


class BadRequestError(APIError):
    """The vendor found the request wrong (400, 422)."""


class ContextLengthExceededError(BadRequestError):
    """The prompt, or prompt and answer, are larger than the model's context."""


class ContentFilterError(BadRequestError):
    """The vendor's filter blocked the prompt or the answer."""


class AuthenticationError(APIError):
    """The credential is wrong or expired (401)."""


class PermissionDeniedError(APIError):
    """The credential may not do this (403)."""


class NotFoundError(APIError):
    """No such model, deployment or address (404)."""


class ConflictError(APIError):
    """The vendor was changing the same thing (409)."""

    retryable = True


class RequestTooLargeError(APIError):
    """The request has more bytes than the vendor takes (413)."""


class RateLimitError(APIError):
    """Too many requests or tokens in too short a time (429)."""

    retryable = True


class QuotaExceededError(RateLimitError):
    """The account's credit or quota is used up: waiting does not help."""

    retryable = False


class ServerError(APIError):
    """The vendor failed (408, 5xx, or an error inside a stream)."""

    retryable = True


class OverloadedError(ServerError):
    """The vendor has no capacity now (503, 529)."""


class TransportError(LLMError):
    """The network failed. `certainty` says whether the vendor may have accepted the request."""

    certainty = Certainty.MAYBE_ACCEPTED
    reused_connection = False


class ConnectError(TransportError):
    """No connection came about (name, address, TLS, proxy): nothing was sent."""

    certainty = Certainty.NOT_SENT


class ConnectionLostError(TransportError):
    """The connection broke after the request went out."""


class ProtocolError(LLMError):
    """The answer is not what the wire allows: not JSON, a missing field, a stream without its end."""

    certainty = Certainty.MAYBE_ACCEPTED

    def __init__(
        self,
        message: str,
        *,
        provider: str | None = None,
        model: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, provider=provider, model=model)
        self.status = status
        self.request_id = request_id


class ResponseTooLargeError(ProtocolError):
    """The answer has more bytes, after decompression, than the connector's cap."""


class LLMTimeoutError(LLMError, TimeoutError):
    """A phase of the call took too long. `phase` is `connect`, `first event`, `between events` or `total`."""

    certainty: Certainty

    def __init__(self, message: str, *, phase: str, provider: str | None = None, model: str | None = None) -> None:
        super().__init__(message, provider=provider, model=model)
        self.phase = phase
        self.certainty = Certainty.NOT_SENT if phase == "connect" else Certainty.MAYBE_ACCEPTED


class DeadlineExceededError(LLMTimeoutError):
    """The call's deadline passed, attempts and waits included."""


class _AnsweredError(LLMError):
    certainty = Certainty.RESPONSE_STARTED

    def __init__(
        self, message: str, *, response: LLMResponse, provider: str | None = None, model: str | None = None
    ) -> None:
        super().__init__(message, provider=provider, model=model)
        self.response = response


class StreamInterruptedError(_AnsweredError):
    """A stream broke after its first event. `partial` is what arrived; its usage may be an estimate."""

    @property
    def partial(self) -> LLMResponse:
        """What arrived: the same as `response`."""
        return self.response


class OutputValidationError(_AnsweredError):
    """The answer does not fit `response_model`, also after the model was told. `response` is its last answer."""


class ToolRoundsExceededError(_AnsweredError):
    """The model still asked for tools in the last round of `run_tools`. `response` is its last answer."""


class BudgetExceededError(LLMError):
    """A budget does not cover what the call may consume; the call, or the attempt after a failed one, was not sent.

    `budget` is the name of the rule, None for the context's own budget, and `subject` whom it holds for (a user, say).
    `limit` and `remaining` are in USD as `Decimal`, or in tokens as `int`. `resets_at` is when what is spent begins to
    be given back. They are None where it is not even known what the call may consume.
    """

    def __init__(
        self,
        message: str,
        *,
        provider: str | None = None,
        model: str | None = None,
        budget: str | None = None,
        subject: str | None = None,
        limit: Decimal | int | None = None,
        remaining: Decimal | int | None = None,
        resets_at: datetime | None = None,
    ) -> None:
        super().__init__(message, provider=provider, model=model)
        self.budget = budget
        self.subject = subject
        self.limit = limit
        self.remaining = remaining
        self.resets_at = resets_at


class CircuitOpenError(LLMError):
    """The target failed too often and is left alone for a while: nothing was sent.

    `retry_after_seconds` and `retry_at` say when a call may try it again.
    """

    def __init__(
        self, message: str, *, retry_after_seconds: float, provider: str | None = None, model: str | None = None
    ) -> None:
        super().__init__(message, provider=provider, model=model)
        self.retry_after_seconds = retry_after_seconds
        self.retry_at: datetime = datetime.now(UTC) + timedelta(seconds=retry_after_seconds)


class LimitReachedError(LLMError):
    """The rate limiter cannot let the call pass before its deadline: nothing was sent.

    `retry_after_seconds` and `retry_at` say when it could at the earliest; they are None where that is not known.
    """

    def __init__(
        self,
        message: str,
        *,
        retry_after_seconds: float | None = None,
        provider: str | None = None,
        model: str | None = None,
    ) -> None:
        super().__init__(message, provider=provider, model=model)
        self.retry_after_seconds = retry_after_seconds
        self.retry_at: datetime | None = (
            None if retry_after_seconds is None else datetime.now(UTC) + timedelta(seconds=retry_after_seconds)
        )


class CostAboveLimitError(LimitReachedError):
    """The call needs more at once than a limit ever holds: waiting does not help."""


class AllTargetsFailedError(LLMError):
    """Every target of a route that could be asked failed.

    `errors` has each one's last error, in the order of the route; `attempts` every try. `retry_at` is the earliest
    moment that one of them named, or None.
    """

    def __init__(self, message: str, *, errors: tuple[LLMError, ...]) -> None:
        super().__init__(message)
        self.errors = errors
        moments = [moment for error in errors if (moment := getattr(error, "retry_at", None)) is not None]
        self.retry_at: datetime | None = min(moments, default=None)
        if any(error.certainty is Certainty.MAYBE_ACCEPTED for error in errors):
            self.certainty = Certainty.MAYBE_ACCEPTED


class CacheMissError(LLMError):
    """The context asks for answers out of the cache alone, and there is none; nothing was sent."""


_BY_STATUS: dict[int, type[APIError]] = {
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    408: ServerError,
    409: ConflictError,
    413: RequestTooLargeError,
    429: RateLimitError,
    503: OverloadedError,
    529: OverloadedError,
}


def error_class_for_status(status: int) -> type[APIError]:
    """Return the error class that an HTTP status stands for."""
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return ServerError if status >= 500 else BadRequestError
