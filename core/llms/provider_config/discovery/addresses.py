"""Addresses of servers: which are the same place, and which are this machine's."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from core.llms.provider_config.errors import ConfigValidationError

_PORTS = {"http": 80, "https": 443}


def root_of(address: str) -> str:
    """Return the root of a server's address, `http` and `/v1` being what may be left out or in.

    Raises `ConfigValidationError`.
    """
    whole = address if "://" in address else f"http://{address}"
    problem = None
    try:
        parts = urlsplit(whole)
        problem = None if parts.scheme in _PORTS and parts.hostname else "it is no address of a server"
        problem = "it must not hold a credential" if parts.username or parts.password else problem
        _ = parts.port
    except ValueError as error:
        problem = str(error)
    if problem is not None:
        raise ConfigValidationError({"addresses": f"`addresses`: {problem}: one is like http://127.0.0.1:8000"})
    return whole.rstrip("/").removesuffix("/v1")


def place_of(address: str) -> tuple[str, int | None, str]:
    """Return what two addresses of the same server have in common: this machine's names are one."""
    parts = urlsplit(root_of(address))
    name = "loopback" if is_loopback(address) else str(parts.hostname)
    return name, parts.port or _PORTS[parts.scheme], parts.path


def is_loopback(address: str) -> bool:
    """Tell whether an address is this machine's, and nobody else's."""
    name = urlsplit(root_of(address)).hostname or ""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        ip = ip_address(name)
    except ValueError:
        return False
    # A server that listens everywhere is named 0.0.0.0, and reached from here by it.
    return ip.is_loopback or ip.is_unspecified
