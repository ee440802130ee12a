"""Fetching of images, against real TLS servers on loopback."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import trustme
from aiohttp import web

from core.llms.errors import MediaError
from core.llms.runtime import remote_media
from core.llms.runtime.media_checks import MediaLimits
from core.llms.runtime.remote_media import fetch_images, is_public_address

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Server:
    """A TLS server on 127.0.0.1 and 127.0.0.2 that keeps what it was asked."""

    port: int
    tls: ssl.SSLContext
    routes: dict[str, Handler]
    requests: list[web.Request] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"https://{host}:{self.port}{path}"

    async def fetch(self, *paths: str, **options: Any) -> list[bytes]:
        options = {"allow_private": True, "tls": self.tls, **options}
        return await fetch_images([path if "://" in path else self.url(path) for path in paths], **options)

    async def failure(self, *paths: str, **options: Any) -> str:
        with pytest.raises(MediaError) as caught:
            await self.fetch(*paths, **options)
        shown = "".join(traceback.format_exception(caught.value))
        assert "CANARY" not in shown
        return str(caught.value)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "127.0.0.2", "localhost", "first.test", "second.test").configure_cert(context)
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    kept = Server(0, trust, {"/image.png": _image})

    async def handle(request: web.Request) -> web.StreamResponse:
        kept.requests.append(request)
        return await kept.routes[request.path](request)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(application)
    await runner.setup()
    first = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await first.start()
    kept.port = runner.addresses[0][1]
    await web.TCPSite(runner, "127.0.0.2", kept.port, ssl_context=context).start()
    yield kept
    await runner.cleanup()


async def _image(request: web.Request) -> web.Response:
    return web.Response(body=PNG, content_type="text/plain")


def _redirect(*targets: str, status: int = 302) -> Handler:
    remaining = list(targets)

    async def handle(request: web.Request) -> web.Response:
        target = remaining.pop(0) if len(remaining) > 1 else remaining[0]
        return web.Response(status=status, headers={"Location": target})

    return handle


async def test_fetch_images_returns_the_bytes_in_order(server: Server) -> None:
    async def numbered(request: web.Request) -> web.Response:
        return web.Response(body=request.query["n"].encode())

    server.routes["/n"] = numbered
    paths = [f"/n?n={number}" for number in range(10)]
    assert await server.fetch(*paths) == [str(number).encode() for number in range(10)]
    assert await server.fetch("/image.png") == [PNG]
    assert await server.fetch() == []


async def test_fetch_images_sends_no_cookies_and_asks_for_no_compression(server: Server) -> None:
    async def with_cookie(request: web.Request) -> web.Response:
        # Cookies of literal addresses are never kept; those of names would be.
        return web.Response(status=302, headers={"Set-Cookie": "a=b; Secure", "Location": "/image.png"})

    server.routes["/a"] = with_cookie
    assert await server.fetch(server.url("/a", "localhost")) == [PNG]
    assert [request.path for request in server.requests] == ["/a", "/image.png"]
    assert all("Cookie" not in request.headers for request in server.requests)
    assert server.requests[0].headers["Accept-Encoding"] == "identity"


async def test_fetch_images_uses_no_proxy_of_the_environment(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert await server.fetch("/image.png") == [PNG]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_fetch_images_follows_redirects(server: Server, status: int) -> None:
    server.routes["/a"] = _redirect("/b?x=1", status=status)
    server.routes["/b"] = _redirect(server.url("/image.png", "127.0.0.2"), status=status)
    assert await server.fetch("/a") == [PNG]
    assert [request.path_qs for request in server.requests] == ["/a", "/b?x=1", "/image.png"]


async def test_fetch_images_follows_at_most_three_redirects(server: Server) -> None:
    server.routes["/a"] = _redirect("/a?n=1", "/a?n=2", "/image.png")
    server.routes["/loop"] = _redirect("/loop")
    assert await server.fetch("/a") == [PNG]
    server.requests.clear()
    assert "more than 3 redirects" in await server.failure("/loop?sig=CANARY")
    assert len(server.requests) == 4


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("http://127.0.0.1/x?sig=CANARY", "only https addresses are, not http"),
        ("file:///etc/passwd", "cannot be read"),
        ("https://user:CANARY@127.0.0.1/", "holds a user name"),
        ("https://127.0.0.1:99999/", "redirect to nowhere"),
        ("", "a redirect without an address"),
    ],
)
async def test_fetch_images_refuses_a_redirect_that_would_not_be_fetched_itself(
    server: Server, target: str, message: str
) -> None:
    server.routes["/a"] = _redirect(target)
    assert message in await server.failure("/a?sig=CANARY")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "localhost",
        "LOCALHOST",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "①②⑦.⓪.⓪.①",
        "169.254.169.254",
        "168.63.129.16",
        "[fd00:ec2::254]",
        "0.0.0.0",
    ],
)
async def test_fetch_images_never_connects_to_an_address_that_is_not_public(server: Server, host: str) -> None:
    message = await server.failure(f"https://{host}:{server.port}/image.png?sig=CANARY", allow_private=False)
    assert "not a public one" in message
    assert server.requests == []


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://example.com/x?sig=CANARY", "the image at example.com is not fetched: only https"),
        ("ftp://example.com/x", "only https addresses are, not ftp"),
        ("https://user@example.com/x?sig=CANARY", "holds a user name"),
        ("https://:CANARY@example.com/x", "holds a user name"),
        ("https:///x?sig=CANARY", "cannot be read"),
        ("https://example.com:99999/?sig=CANARY", "cannot be read"),
        ("https://[::1/?sig=CANARY", "cannot be read"),
        ("CANARY", "cannot be read"),
    ],
)
async def test_fetch_images_refuses_an_address_that_is_not_plain_https(server: Server, url: str, message: str) -> None:
    with pytest.raises(MediaError) as caught:
        await fetch_images([url])
    assert message in str(caught.value)
    assert "CANARY" not in "".join(traceback.format_exception(caught.value))


class Names:
    """Name lookups with given answers, for a policy under which only 127.0.0.1 is public."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **answers: list[list[str]]) -> None:
        self.answers = {f"{name}.test": given for name, given in answers.items()}
        self.asked: list[str] = []
        monkeypatch.setattr(remote_media, "is_public_address", lambda address: address == "127.0.0.1")
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", self.getaddrinfo)

    async def getaddrinfo(self, host: str, port: int, **options: Any) -> list[Any]:
        if host not in self.answers:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        self.asked.append(host)
        given = self.answers[host]
        addresses = given.pop(0) if len(given) > 1 else given[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]


async def test_fetch_images_connects_to_the_very_address_that_was_checked(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = Names(monkeypatch, first=[["127.0.0.1"], ["127.0.0.2"]])
    assert await server.fetch(server.url("/image.png", "first.test"), allow_private=False) == [PNG]
    assert names.asked == ["first.test"]
    assert server.requests[0].host == f"first.test:{server.port}"
    message = await server.failure(server.url("/image.png?sig=CANARY", "first.test"), allow_private=False)
    assert message.startswith("the image at first.test is not fetched: the host's address is not a public one")
    assert len(server.requests) == 1


async def test_fetch_images_refuses_a_name_with_one_public_and_one_private_address(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    Names(monkeypatch, first=[["127.0.0.1", "127.0.0.2"]])
    assert "not a public one" in await server.failure(server.url("/image.png", "first.test"), allow_private=False)
    assert server.requests == []


@pytest.mark.parametrize("host", ["second.test", "127.0.0.2", "2130706434", "[::ffff:127.0.0.2]"])
async def test_fetch_images_checks_each_redirects_address(
    server: Server, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    Names(monkeypatch, first=[["127.0.0.1"]], second=[["127.0.0.2"]])
    server.routes["/a"] = _redirect(server.url("/image.png?sig=CANARY", host))
    assert "not a public one" in await server.failure(server.url("/a", "first.test"), allow_private=False)
    assert [request.path for request in server.requests] == ["/a"]


async def test_fetch_images_says_that_there_is_no_such_host(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    Names(monkeypatch)
    message = await server.failure("https://missing.test/x?sig=CANARY", allow_private=False)
    assert message == "the image at missing.test cannot be fetched: there is no such host"


async def test_fetch_images_stops_reading_at_its_limit(server: Server) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while request.transport is not None and not request.transport.is_closing() and sent < 50_000_000:
            await response.write(bytes(65_536))
            await asyncio.sleep(0)
            sent += 65_536
        return response

    server.routes["/endless"] = endless
    message = await server.failure("/endless?sig=CANARY", limits=MediaLimits(image_bytes=200_000))
    assert "at most 0.2 MB are accepted" in message
    assert sent < 30_000_000


async def test_fetch_images_refuses_what_says_itself_that_it_is_too_large(server: Server) -> None:
    message = await server.failure("/image.png", limits=MediaLimits(image_bytes=107))
    assert message == "the image at 127.0.0.1 has 108 bytes; at most 107 bytes are accepted: make it smaller"
    assert await server.fetch("/image.png", limits=MediaLimits(image_bytes=108)) == [PNG]


async def test_fetch_images_bounds_all_images_together(server: Server) -> None:
    message = await server.failure(*["/image.png"] * 20, limits=MediaLimits(request_bytes=500))
    assert "together" in message
    assert len(server.requests) < 20


async def test_fetch_images_refuses_a_compressed_body(server: Server) -> None:
    async def bomb(request: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(bytes(1_000_000)), headers={"Content-Encoding": "gzip"})

    server.routes["/bomb"] = bomb
    assert "it comes compressed" in await server.failure("/bomb")


async def test_fetch_images_gives_up_in_time_on_a_server_that_hangs(server: Server) -> None:
    released = asyncio.Event()

    async def hang(request: web.Request) -> web.Response:
        await released.wait()
        return web.Response()

    server.routes["/hang"] = hang
    message = await server.failure("/hang?sig=CANARY", "/image.png", timeout_seconds=0.3)
    released.set()
    assert message == "the image at 127.0.0.1 did not arrive in time"


async def test_fetch_images_cancelled_leaves_no_task(server: Server) -> None:
    arrived, released = asyncio.Event(), asyncio.Event()

    async def hang(request: web.Request) -> web.Response:
        arrived.set()
        await released.wait()
        return web.Response()

    server.routes["/hang"] = hang
    running = asyncio.create_task(server.fetch("/hang", "/hang"))
    await arrived.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    released.set()


@pytest.mark.parametrize("status", [204, 304, 404, 500])
async def test_fetch_images_names_a_status_that_is_not_200(server: Server, status: int) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status)

    server.routes["/x"] = answer
    message = await server.failure("/x?sig=CANARY")
    assert message == f"the image at 127.0.0.1 cannot be fetched: it answers with status {status}"


async def test_fetch_images_refuses_a_certificate_that_is_not_trusted(server: Server) -> None:
    assert "certificate is not trusted" in await server.failure("/image.png?sig=CANARY", tls=None)
    assert server.requests == []


async def test_fetch_images_names_a_host_that_does_not_accept(server: Server) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    message = await server.failure(f"https://127.0.0.1:{port}/x?sig=CANARY")
    assert message == "the image at 127.0.0.1 cannot be fetched: it does not accept a connection"


async def test_fetch_images_names_a_body_that_is_cut(server: Server) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(PNG)
        assert request.transport is not None
        request.transport.abort()
        return response

    server.routes["/cut"] = cut
    assert "cannot be fetched: ClientPayloadError" in await server.failure("/cut?sig=CANARY")


async def test_fetch_images_names_an_answer_that_is_not_http_without_the_address(server: Server) -> None:
    released = asyncio.Event()

    async def garbage(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.write(b"garbage\r\n\r\n")
        await released.wait()
        return web.Response()

    server.routes["/garbage"] = garbage
    message = await server.failure("/garbage?sig=CANARY")
    released.set()
    assert message == "the image at 127.0.0.1 cannot be fetched: ClientResponseError"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("100.100.100.200", False),
        ("169.254.169.254", False),
        ("127.255.255.255", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("168.63.129.16", False),
        ("::", False),
        ("::1", False),
        ("::7f00:1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:1::1", False),
        ("2002:a00:1::1", False),
        ("2001::1", False),
        ("2001:db8::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("fc00::1", False),
        ("fd00:ec2::254", False),
        ("ff02::1", False),
        ("example.com", False),
        ("", False),
    ],
)
def test_is_public_address_of_each_special_range(address: str, public: bool) -> None:
    assert is_public_address(address) is public
