"""The connector against a mocked aiohttp: addresses, headers, bodies, statuses. What needs a socket is elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from unittest.mock import Mock

import pytest
from aiohttp import ClientConnectorError, ClientResponse, ServerDisconnectedError
from aioresponses import aioresponses

from core.llms import ConfigurationError, ConnectError, ConnectionLostError, ProtocolError, Secret, TransportOptions
from core.llms.providers.base.auth import KeyAuth, NoAuth, TokenAuth
from core.llms.providers.base.connector import BaseConnector, RawResponse

URL = "https://api.example.com/v1"


class PatchedResponse(ClientResponse):
    """aioresponses 0.7.9 does not know an argument that aiohttp 3.14 requires."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("stream_writer", Mock(output_size=0))
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they come


@pytest.fixture
def http(monkeypatch: pytest.MonkeyPatch) -> Iterator[aioresponses]:
    monkeypatch.setattr("aioresponses.core.ClientResponse", PatchedResponse)
    with aioresponses() as mocked:
        yield mocked


def connector(**settings: object) -> BaseConnector:
    return BaseConnector(base_url=URL, auth=KeyAuth(Secret("sk-test")), **settings)  # type: ignore[arg-type]


def sent(http: aioresponses) -> dict[str, object]:
    ((_, calls),) = http.requests.items()
    kwargs: dict[str, object] = calls[0].kwargs
    return kwargs


def headers_of(kwargs: dict[str, object]) -> dict[str, str]:
    headers = kwargs["headers"]
    assert isinstance(headers, Mapping)
    return dict(headers)


async def test_request_sends_json_with_the_key_and_reads_the_answer(http: aioresponses) -> None:
    http.post(f"{URL}/chat/completions", payload={"answer": 1}, headers={"x-request-id": "r1"})
    one = connector()
    response = await one.request("POST", "/chat/completions", {"model": "é"})
    assert (response.status, response.ok, response.json()) == (200, True, {"answer": 1})
    assert response.headers["x-request-id"] == "r1"
    kwargs = sent(http)
    assert kwargs["data"] == '{"model":"é"}'.encode()
    assert headers_of(kwargs) == {
        "Authorization": "Bearer sk-test",
        "Accept": "application/json",
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "core-llms",
    }
    assert kwargs["allow_redirects"] is False
    await one.aclose()


async def test_request_returns_error_statuses_for_the_wire_to_read(http: aioresponses) -> None:
    http.post(f"{URL}/x", status=429, body=b"slow down")
    one = connector()
    response = await one.request("POST", "/x", {})
    assert (response.status, response.ok, response.body) == (429, False, b"slow down")
    await one.aclose()


async def test_request_refuses_a_redirect_and_names_the_setting(http: aioresponses) -> None:
    http.post(f"{URL}/x", status=307, headers={"Location": "https://elsewhere.example"})
    one = connector()
    with pytest.raises(ProtocolError, match="set `base_url` to the final address"):
        await one.request("POST", "/x", {})
    assert len(http.requests) == 1
    await one.aclose()


async def test_request_maps_a_refused_connection_to_not_sent(http: aioresponses) -> None:
    http.post(f"{URL}/x", exception=ClientConnectorError(Mock(ssl=None), OSError(111, "refused")))
    one = connector()
    with pytest.raises(ConnectError, match="cannot connect to"):
        await one.request("POST", "/x", {})
    await one.aclose()


async def test_request_maps_a_lost_connection_to_maybe_accepted(http: aioresponses) -> None:
    http.post(f"{URL}/x", exception=ServerDisconnectedError())
    one = connector()
    with pytest.raises(ConnectionLostError) as caught:
        await one.request("POST", "/x", {})
    assert caught.value.certainty.value == "maybe accepted"
    await one.aclose()


@pytest.mark.parametrize("body", [b"<html>", b'{"a": NaN}', b"", b'{"a":' * 100_000, b'{"a": "\xff"}'])
def test_json_refuses_what_is_not_json(body: bytes) -> None:
    with pytest.raises(ProtocolError, match="not JSON"):
        RawResponse(200, {}, body).json()


async def test_headers_of_the_transport_go_with_every_request(http: aioresponses) -> None:
    http.post(f"{URL}/x", payload={})
    one = connector(transport=TransportOptions(headers={"X-Team": "blue"}))
    await one.request("POST", "/x", {}, headers={"X-Once": "1"})
    assert headers_of(sent(http)) | {"X-Team": "blue", "X-Once": "1"} == headers_of(sent(http))
    await one.aclose()


async def test_token_provider_is_asked_for_each_request(http: aioresponses) -> None:
    http.post(f"{URL}/x", payload={}, repeat=True)
    tokens = iter(["t1", "t2"])
    one = BaseConnector(base_url=URL, auth=TokenAuth(lambda: next(tokens)))
    for _ in range(2):
        await one.request("POST", "/x", {})
    ((_, calls),) = http.requests.items()
    assert [call.kwargs["headers"]["Authorization"] for call in calls] == ["Bearer t1", "Bearer t2"]
    await one.aclose()


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("api.example.com", "must look like https"),
        ("ftp://api.example.com", "must look like https"),
        ("https://user:pw@api.example.com", "must not hold a user or password"),
        ("https://api.example.com/v1?key=1", "must not hold a query"),
        ("", "must look like https"),
    ],
)
def test_base_url_that_cannot_serve_is_refused(address: str, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem) as caught:
        BaseConnector(base_url=address, auth=NoAuth())
    assert "pw" not in str(caught.value).replace("password", "")


@pytest.mark.parametrize("key", ["sk-a\n", " sk-a", "sk-ä"])
def test_key_that_no_header_can_carry_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(ConfigurationError, match="no HTTP header can carry") as caught:
        KeyAuth(Secret(key))
    assert key.strip() not in str(caught.value)


def test_connectors_of_the_same_settings_are_interchangeable() -> None:
    assert connector().identity == connector().identity
    assert connector().identity != connector(transport=TransportOptions(max_connections=5)).identity
    assert connector().identity != BaseConnector(base_url=URL, auth=KeyAuth(Secret("other"))).identity


def test_proxy_is_used_only_when_given_or_opted_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert connector()._proxy is None
    assert str(connector(transport=TransportOptions(trust_env=True))._proxy) == "http://proxy.example:3128"
    monkeypatch.setenv("NO_PROXY", "example.com")
    assert connector(transport=TransportOptions(trust_env=True))._proxy is None
    one = connector(transport=TransportOptions(proxy="http://u:secret@p.example:1"))
    assert "secret" not in repr(one) + repr(one.transport)
    with pytest.raises(ConfigurationError, match="`proxy` must look like"):
        connector(transport=TransportOptions(proxy="p.example:1"))


def test_certificates_that_cannot_be_loaded_are_named() -> None:
    with pytest.raises(ConfigurationError, match=r"ca_file=/nowhere\.pem"):
        connector(transport=TransportOptions(ca_file="/nowhere.pem"))
