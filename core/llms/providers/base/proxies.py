"""Which proxy a base address goes through."""

from __future__ import annotations

from urllib.request import getproxies, proxy_bypass

from yarl import URL

from core.llms.errors import ConfigurationError
from core.llms.providers.base.transport import TransportOptions
from core.llms.types.secrets import Secret


def resolve_proxy(base_url: str, transport: TransportOptions) -> URL | None:
    """Return the given proxy, or the environment's where that is opted in to, or None."""
    if transport.proxy is not None:
        return _parse(Secret.of(transport.proxy).get_secret_value())
    if not transport.trust_env:
        return None
    url = URL(base_url)
    if url.host is None or proxy_bypass(url.host):
        return None
    address = getproxies().get(url.scheme)
    return None if address is None else _parse(address)


def _parse(address: str) -> URL:
    try:
        url = URL(address)
    except ValueError:
        url = URL()  # the error would repeat a part of the address
    if url.scheme not in ("http", "https") or not url.host:
        raise ConfigurationError("`proxy` must look like http://host:port (its value is not shown: it may be secret)")
    return url
