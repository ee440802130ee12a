"""What the command's exit codes mean, and which error has which. Printing lives in `terminal` and `failures`."""

from __future__ import annotations

from enum import IntEnum

from core.llms.errors import (
    AllTargetsFailedError,
    APIError,
    BudgetExceededError,
    CacheMissError,
    CircuitOpenError,
    ConfigurationError,
    ContentFilterError,
    CostAboveLimitError,
    InvalidRequestError,
    LimitReachedError,
    LLMTimeoutError,
    OutputValidationError,
    ProtocolError,
    RateLimitError,
    ServerError,
    StorageError,
    StreamInterruptedError,
    ToolRoundsExceededError,
    TransportError,
)
from core.llms.provider_config.errors import CredentialError, ProviderConfigError, VerificationError


class ExitCode(IntEnum):
    """The codes a script can rely on; they stay as they are. `meaning` says each in a line."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> ExitCode:
        """Make a member of its number and its line."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    OK = 0, "the answer is whole"
    UNEXPECTED = 1, "a failure that nobody foresaw: please report it, with --debug"
    USAGE = 2, "the command line is wrong"
    CONFIGURATION = 3, "a setting, a credential or an extra is missing or wrong"
    INVALID_REQUEST = 4, "the request cannot be made as asked; nothing was sent"
    REFUSED = 5, "the vendor refused the request (4xx)"
    RATE_LIMITED = 6, "rate limit or quota (429)"
    VENDOR_FAILED = 7, "the vendor failed (5xx, overload) or sent what is no answer"
    NETWORK = 8, "the network or the database failed, the time was up, or the stream broke"
    NOT_WHOLE = 9, "the answer was cut, filtered or refused, or does not fit the schema; the audit was tampered with"
    INTERRUPTED = 130, "Ctrl-C"
    BROKEN_PIPE = 141, "whoever read the output went away"


# The first entry that fits decides: a class stands before those it inherits from.
_BY_CLASS: tuple[tuple[tuple[type[Exception], ...], ExitCode], ...] = (
    ((ConfigurationError, CredentialError), ExitCode.CONFIGURATION),
    ((VerificationError,), ExitCode.VENDOR_FAILED),
    (
        (InvalidRequestError, BudgetExceededError, CacheMissError, CostAboveLimitError, ProviderConfigError),
        ExitCode.INVALID_REQUEST,
    ),
    ((ContentFilterError, OutputValidationError, ToolRoundsExceededError), ExitCode.NOT_WHOLE),
    ((RateLimitError, LimitReachedError), ExitCode.RATE_LIMITED),
    ((ServerError, ProtocolError, CircuitOpenError), ExitCode.VENDOR_FAILED),
    ((APIError,), ExitCode.REFUSED),
    ((TransportError, LLMTimeoutError, StreamInterruptedError, StorageError), ExitCode.NETWORK),
)


def exit_code_for(error: BaseException) -> ExitCode:
    """Return the code of an error; a broken stream has that of the vendor's error inside it, where there is one.

    Where every target of a route failed, it is that of the last one's error; where a configuration could not be
    verified, that of the reason.
    """
    if isinstance(error, VerificationError) and error.__cause__ is not None:
        return exit_code_for(error.__cause__)
    if isinstance(error, StreamInterruptedError) and isinstance(error.__cause__, APIError):
        return exit_code_for(error.__cause__)
    if isinstance(error, AllTargetsFailedError):
        return exit_code_for(error.errors[-1]) if error.errors else ExitCode.VENDOR_FAILED
    return next((code for classes, code in _BY_CLASS if isinstance(error, classes)), ExitCode.UNEXPECTED)


def render_exit_codes() -> str:
    """Write the table for `--help`; the first character keeps the lines apart."""
    lines = [f"{code.value:>4}  {code.meaning}" for code in ExitCode]
    return "\b\n" + "\n".join(["Exit codes:", *lines])
