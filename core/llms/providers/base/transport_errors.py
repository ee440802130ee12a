"""aiohttp's exceptions as ours, each with what it tells of the request's fate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from aiohttp import (
    ClientConnectionError,
    ClientConnectorError,
    ClientError,
    ClientHttpProxyError,
    ClientPayloadError,
    ClientSSLError,
    ConnectionTimeoutError,
    InvalidURL,
    ServerDisconnectedError,
)
from aiohttp.http_exceptions import ContentEncodingError

from core.llms.errors import (
    Certainty,
    ConfigurationError,
    ConnectError,
    ConnectionLostError,
    DeadlineExceededError,
    LLMError,
    LLMTimeoutError,
    ProtocolError,
)
from core.llms.providers.base.sessions import CONNECTION


@contextmanager
def translate_errors(base_url: str, limit: float, deadline: float) -> Iterator[None]:
    """Raise what happens inside as an `LLMError`. The caller's deadline is told apart from a phase's limit."""
    try:
        yield
    except LLMError:
        raise
    except ConnectionTimeoutError as error:
        raise LLMTimeoutError(f"no connection to {base_url} in time", phase="connect") from error
    except TimeoutError as error:
        raise _timeout_error(base_url, limit, deadline) from error
    except (ClientError, OSError, ValueError) as error:
        raise translate_error(error, base_url) from error


def _timeout_error(base_url: str, limit: float, deadline: float) -> LLMTimeoutError:
    if limit >= deadline or monotonic() >= deadline:
        error: LLMTimeoutError = DeadlineExceededError(
            f"the deadline passed while waiting for {base_url}", phase="total"
        )
    else:
        error = LLMTimeoutError(f"{base_url} did not begin to answer in time", phase="first event")
    if CONNECTION.get() == "none":
        error.certainty = Certainty.NOT_SENT
    return error


def translate_error(error: Exception, base_url: str) -> LLMError:
    """Make the `LLMError` that stands for an exception of aiohttp's."""
    match error:
        case InvalidURL():
            return ConfigurationError(f"`base_url` {base_url} is not an address that can be called")
        case ClientHttpProxyError():
            return ConnectError(f"the proxy refused to connect to {base_url} (status {error.status})")
        case ClientConnectorError() | ClientSSLError():
            return ConnectError(f"cannot connect to {base_url}: {_reason(error)}")
        case ClientPayloadError(__cause__=ContentEncodingError()):
            return ProtocolError(f"the answer of {base_url} is not compressed as its headers say")
        case ClientPayloadError():
            return ConnectionLostError(f"the answer of {base_url} broke off: {_reason(error)}")
        case ServerDisconnectedError() | ClientConnectionError() | OSError():
            lost = ConnectionLostError(f"the connection to {base_url} was lost: {_reason(error)}")
            lost.reused_connection = CONNECTION.get() == "reused"
            return lost
    return ProtocolError(f"{base_url} did not answer in valid HTTP: {_reason(error)}")


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
