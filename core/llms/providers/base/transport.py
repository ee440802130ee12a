"""Settings of the transport: timeouts, proxy, certificates, limits. Data only."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path

from core.llms.errors import ConfigurationError
from core.llms.types.secrets import HoldsSecrets, Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long each phase of an attempt may take, in seconds.

    `connect` is name, TCP and TLS; `first_event` the wait for the answer to begin; `between_events` the longest gap
    between meaningful events of a stream (comments and single bytes do not count); `total` the whole call, attempts
    and waits included, where the context sets no limit of its own.
    """

    connect: float = 10.0
    first_event: float = 600.0
    between_events: float = 180.0
    total: float = 900.0

    def __post_init__(self) -> None:
        for name in ("connect", "first_event", "between_events", "total"):
            value = getattr(self, name)
            if not isfinite(value) or value <= 0:
                raise ConfigurationError(f"timeout `{name}` must be a positive number of seconds, not {value!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportOptions(HoldsSecrets):
    """How to reach the vendor.

    `proxy` is an address, with credentials where it needs them (never shown); `trust_env` opts in to HTTPS_PROXY,
    HTTP_PROXY and NO_PROXY. `ca_file` replaces the system's authorities, `client_certificate` and `client_key` are
    for mutual TLS, `ssl_context` replaces all three. `max_response_bytes` caps an answer after decompression, streams
    included. `max_connections` of 0 is no limit. `headers` go with every request.
    """

    proxy: str | Secret | None = field(default=None, repr=False)
    trust_env: bool = False
    ca_file: Path | str | None = None
    client_certificate: Path | str | None = None
    client_key: Path | str | None = None
    client_key_password: str | Secret | None = field(default=None, repr=False)
    ssl_context: ssl.SSLContext | None = None
    max_connections: int = 1000
    keepalive_seconds: float = 30.0
    max_response_bytes: int = 128 * 1024 * 1024
    headers: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)

    def create_ssl_context(self) -> ssl.SSLContext | bool:
        """Build the TLS settings; True means the system's own."""
        if self.ssl_context is not None:
            return self.ssl_context
        if self.ca_file is None and self.client_certificate is None:
            return True
        try:
            context = ssl.create_default_context(cafile=None if self.ca_file is None else str(self.ca_file))
            if self.client_certificate is not None:
                password = self.client_key_password
                context.load_cert_chain(
                    self.client_certificate,
                    self.client_key,
                    None if password is None else Secret.of(password).get_secret_value(),
                )
        except (OSError, ssl.SSLError) as error:
            files = (
                f"ca_file={self.ca_file}, client_certificate={self.client_certificate}, client_key={self.client_key}"
            )
            raise ConfigurationError(f"the certificates cannot be loaded ({files}): {error}") from error
        return context
