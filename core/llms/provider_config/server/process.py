"""Running the application as a process, or as several: where it listens, with which TLS, and how it ends."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import ssl
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from core.llms.errors import ConfigurationError
from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.server import create_app, require_extra
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database

# A provider that is verified may take so long.
_GRACEFUL_SECONDS: Final = 20
# Loading everything takes a busy machine longer than the 5 seconds after which uvicorn would start a worker anew.
_WORKER_SECONDS: Final = 120
_BACKLOG: Final = 2048
_LOGGER: Final = "core.llms"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """How the API is served. `proxies` are the addresses whose word on the caller's own address counts."""

    host: str = "127.0.0.1"
    port: int = 8484
    workers: int = 1
    certificate: Path | None = None
    private_key: Path | None = None
    behind_proxy: bool = False
    proxies: Sequence[str] = ("127.0.0.1", "::1")
    openapi: bool = True
    upgrade: bool = False

    def require_safe(self) -> None:
        """Raise `ConfigurationError` where tokens would go over a network in the clear."""
        if (self.certificate is None) != (self.private_key is None):
            raise ConfigurationError("TLS needs a certificate and its private key, both")
        if not (is_loopback(self.host) or self.certificate is not None or self.behind_proxy):
            raise ConfigurationError(
                f"{self.host} can be reached from other machines, to which API tokens would go in the clear: give "
                "--tls-cert and --tls-key, or --behind-proxy where a proxy before it does TLS"
            )


@dataclass(frozen=True, slots=True)
class _AppFactory:
    """Makes the application in the process that serves it."""

    options: ServerOptions

    def __call__(self) -> Any:
        log_to_stderr()
        service = ProviderConfigService(Database(upgrade=self.options.upgrade))
        return create_app(service, openapi=self.options.openapi, owns_database=True)


def is_loopback(host: str) -> bool:
    """Tell whether an address is this machine's own alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def require_servable(upgrade: bool) -> None:
    """Raise what would keep every request from being served: no database, no tables, no key where one is needed."""
    async with Database(upgrade=upgrade) as database:
        await ProviderConfigService(database).access.may(Operation.READ)


def serve(options: ServerOptions, announce: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C; requests that are being answered then have 20 seconds to end.

    `announce` gets the address once connections are taken. Raises `ConfigurationError` where it cannot be served so,
    and what the database says where it cannot be read.
    """
    require_extra()
    options.require_safe()
    asyncio.run(require_servable(options.upgrade))
    config = _configure(options)
    with _listen(options.host, options.port) as listening:
        announce(_address(options, listening))
        _run(config, listening)


def _configure(options: ServerOptions) -> Any:
    import uvicorn

    config = uvicorn.Config(
        _AppFactory(options),
        factory=True,
        workers=options.workers,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=options.behind_proxy,
        forwarded_allow_ips=list(options.proxies),
        ssl_certfile=options.certificate,
        ssl_keyfile=options.private_key,
        timeout_graceful_shutdown=_GRACEFUL_SECONDS,
        timeout_worker_healthcheck=_WORKER_SECONDS,
    )
    if options.certificate is not None and options.private_key is not None:
        _check_tls(options.certificate, options.private_key)
    return config


def _check_tls(certificate: Path, private_key: Path) -> None:
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, private_key)
    except OSError as error:
        raise ConfigurationError(f"{certificate} and {private_key} cannot be used for TLS: {error}") from error


def _run(config: Any, listening: socket.socket) -> None:
    from uvicorn import Server
    from uvicorn.supervisors import Multiprocess

    # uvicorn ends by raising the signal again that ended it: to end then is what was wanted.
    before = {number: signal.signal(number, _ignore) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        if config.workers > 1:
            Multiprocess(config, sockets=[listening]).run()
        else:
            Server(config).run(sockets=[listening])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore(*_: object) -> None:
    return


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that takes connections. Raises `ConfigurationError`."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno is not None and error.errno > 0 else str(error)
        raise ConfigurationError(f"cannot listen on {host}:{port}: {reason}") from error
    listening.set_inheritable(True)
    return listening


def _address(options: ServerOptions, listening: socket.socket) -> str:
    scheme = "http" if options.certificate is None else "https"
    host = f"[{options.host}]" if ":" in options.host else options.host
    return f"{scheme}://{host}:{listening.getsockname()[1]}"


def log_to_stderr() -> None:
    """Write what is logged of requests and failures to stderr, a line each; of uvicorn what is wrong alone."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    for name, level in ((_LOGGER, logging.INFO), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers[:], logger.propagate = [handler], False
        logger.setLevel(level)
