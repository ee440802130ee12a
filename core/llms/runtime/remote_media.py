"""Fetching images from addresses that somebody else may have chosen, without being led into the private network.

Only `https:` addresses of public hosts are fetched. What is checked is the address connected to, at each redirect anew:
a name may resolve to another address the next time it is asked. Images that a vendor fetches itself do not come here.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Sequence
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from core.llms.errors import MediaError
from core.llms.runtime.media_checks import MediaLimits, check_size, check_total

MAX_REDIRECTS: Final = 3
DEFAULT_TIMEOUT_SECONDS: Final = 30.0
_CONNECT_SECONDS: Final = 10.0
_MAX_PARALLEL: Final = 4
_DEFAULT_LIMITS: Final = MediaLimits()
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HEADERS: Final = {"Accept": "image/*", "Accept-Encoding": "identity", "User-Agent": "core-llms"}
# Azure's platform address for virtual machines is public by number alone (Microsoft, "What is IP address
# 168.63.129.16?", 2026-11-21).
_CLOUD_ADDRESSES: Final = frozenset({ipaddress.ip_address("168.63.129.16")})
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
_SIX_TO_FOUR: Final = ipaddress.IPv6Network("2002::/16")
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


def is_public_address(address: str) -> bool:
    """Tell whether an IP address, in text, is one of the public Internet.

    Private, loopback, link-local, multicast, reserved and cloud metadata addresses are not, nor is what embeds one.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public_address(str(ip.ipv4_mapped))
        if ip in _NAT64:
            return is_public_address(str(ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)))
        if ip not in _GLOBAL_UNICAST or ip in _SIX_TO_FOUR:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and ip not in _CLOUD_ADDRESSES


class _PublicResolver(AbstractResolver):
    """Resolves names, and refuses one that leads to any address that is not public."""

    def __init__(self) -> None:
        self._inner = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        results = await self._inner.resolve(host, port, family)
        for result in results:
            if not is_public_address(result["host"]):
                raise _forbidden(host)
        return results

    async def close(self) -> None:
        await self._inner.close()


def _forbidden(host: str) -> MediaError:
    return MediaError(
        f"the image at {host} is not fetched: the host's address is not a public one; read the file yourself and "
        "give its bytes"
    )


async def fetch_images(
    urls: Sequence[str],
    *,
    limits: MediaLimits = _DEFAULT_LIMITS,
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
    allow_private: bool = False,
    tls: ssl.SSLContext | None = None,
) -> list[bytes]:
    """Fetch the bytes at `https:` addresses, in their order, a few at a time.

    `limits` hold for each image and for all of them, `timeout_seconds` for all together. `allow_private` lifts the
    check of addresses, for tests; `tls` replaces the default trust in certificates.

    Raises:
        MediaError: an address is not allowed, does not answer, or has too many bytes. It names the host, and no more
            of the address: the rest may hold a signature.
    """
    connector = aiohttp.TCPConnector(
        resolver=None if allow_private else _PublicResolver(),
        use_dns_cache=False,
        limit=_MAX_PARALLEL,
        ssl=True if tls is None else tls,
    )
    async with aiohttp.ClientSession(
        connector=connector,
        headers=_HEADERS,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS),
    ) as session:
        fetcher = _Fetcher(session, limits, allow_private)
        ends_at = asyncio.get_running_loop().time() + timeout_seconds
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(fetcher.try_fetch(url, ends_at)) for url in urls]
    outcomes = [task.result() for task in tasks]
    if error := next((outcome for outcome in outcomes if isinstance(outcome, MediaError)), None):
        raise error
    return [outcome for outcome in outcomes if isinstance(outcome, bytes)]


class _Fetcher:
    """The fetching of one call's images over one session."""

    def __init__(self, session: aiohttp.ClientSession, limits: MediaLimits, allow_private: bool) -> None:
        self._session = session
        self._limits = limits
        self._allow_private = allow_private
        self._places = asyncio.Semaphore(_MAX_PARALLEL)
        self._arrived_bytes = 0

    async def try_fetch(self, url: str, ends_at: float) -> bytes | MediaError:
        """Fetch one; an error is returned, so that all tasks end before the first one in order is raised."""
        try:
            async with asyncio.timeout_at(ends_at), self._places:
                data = await self._fetch(_parse_url(url, self._allow_private))
            self._arrived_bytes += len(data)
            check_total(self._arrived_bytes, self._limits)
            return data
        except TimeoutError:
            return MediaError(f"the image at {_host_of(url)} did not arrive in time")
        except MediaError as error:
            return error

    async def _fetch(self, url: URL) -> bytes:
        for _ in range(MAX_REDIRECTS + 1):
            check_total(self._arrived_bytes, self._limits)
            try:
                async with self._session.get(url, allow_redirects=False) as response:
                    if response.status not in _REDIRECTS:
                        return await _read(response, url.host or "", self._limits.image_bytes)
                    url = _parse_url(_redirect_target(url, response), self._allow_private)
            except aiohttp.ClientError as error:
                # The client's own text may hold the whole address.
                raise MediaError(f"the image at {url.host} cannot be fetched: {_describe_failure(error)}") from None
        raise MediaError(f"the image at {url.host} is not fetched: more than {MAX_REDIRECTS} redirects")


def _host_of(url: str) -> str:
    try:
        return URL(url).host or "an address without a host"
    except ValueError:
        return "an address that cannot be read"


def _parse_url(url: str, allow_private: bool) -> URL:
    try:
        parsed = URL(url)
        host = parsed.host
    except ValueError:
        parsed, host = URL(), None
    if not host:
        raise MediaError("the address of an image cannot be read; it must look like https://host/path")
    _check_url(parsed, host, allow_private)
    return parsed


def _check_url(url: URL, host: str, allow_private: bool) -> None:
    if url.scheme != "https":
        raise MediaError(f"the image at {host} is not fetched: only https addresses are, not {url.scheme}")
    if url.user is not None or url.password is not None:
        raise MediaError(f"the image at {host} is not fetched: its address holds a user name")
    # A literal address never reaches the resolver.
    if not allow_private and _is_literal(host) and not is_public_address(host):
        raise _forbidden(host)


def _is_literal(host: str) -> bool:
    if ":" in host:
        return True
    try:
        # The C library's reading, which also takes decimal, hexadecimal, octal and shortened forms for addresses.
        socket.inet_aton(host)
    except (OSError, ValueError):
        return False
    return True


def _redirect_target(url: URL, response: aiohttp.ClientResponse) -> str:
    location = response.headers.get("Location")
    if not location:
        raise MediaError(f"the image at {url.host} cannot be fetched: a redirect without an address")
    try:
        return str(url.join(URL(location)))
    except ValueError:
        raise MediaError(f"the image at {url.host} cannot be fetched: a redirect to nowhere") from None


def _describe_failure(error: aiohttp.ClientError) -> str:
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "there is no such host"
        case aiohttp.ClientSSLError():
            return "its certificate is not trusted, or it does not speak TLS"
        case aiohttp.ClientConnectorError():
            return "it does not accept a connection"
        case _:
            return type(error).__name__


async def _read(response: aiohttp.ClientResponse, host: str, max_bytes: int) -> bytes:
    name = f"the image at {host}"
    if response.status != 200:
        raise MediaError(f"{name} cannot be fetched: it answers with status {response.status}")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise MediaError(f"{name} cannot be fetched: it comes compressed though this was not asked for")
    if response.content_length is not None:
        check_size(response.content_length, max_bytes, name)
    data = bytearray()
    async for chunk in response.content.iter_any():
        data += chunk
        if len(data) > max_bytes:
            check_size(len(data), max_bytes, f"{name}, as far as it was read,")
    check_size(len(data), max_bytes, name)
    return bytes(data)
