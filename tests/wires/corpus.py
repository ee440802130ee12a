"""The recorded exchanges with real APIs, read from the folder that CORE_LLMS_CORPUS names.

Loading lives here, and nothing about any wire: what an exchange must parse to is each corpus test's own matter.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

CORPUS_VARIABLE = "CORE_LLMS_CORPUS"
requires_corpus = pytest.mark.skipif(not os.environ.get(CORPUS_VARIABLE), reason=f"{CORPUS_VARIABLE} is not set")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One recorded HTTP exchange. `body_bytes` is the answer's body; header names are in lower case."""

    name: str
    provider: str
    api: str
    model: str
    request_body: Any = field(repr=False)
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body_bytes: bytes = field(repr=False)
    is_stream: bool
    features: tuple[str, ...]
    finish_reasons: tuple[str, ...]
    fidelity: str

    @property
    def body(self) -> Any:
        """The body decoded as JSON."""
        return json.loads(self.body_bytes)


def load_exchanges(provider: str | None = None, api: str | None = None) -> list[Exchange]:
    """Load the exchanges of a provider (all without one), in the order of their names, none without a corpus."""
    folder = os.environ.get(CORPUS_VARIABLE)
    if not folder:
        return []
    exchanges = (_load_exchange(path) for path in sorted(Path(folder).glob(f"{provider or '*'}/*.json")))
    return [exchange for exchange in exchanges if api is None or exchange.api == api]


def exchange_params(exchanges: list[Exchange]) -> list[Any]:
    """Make pytest parameters of exchanges, named after them; one skipped parameter where there is no corpus."""
    if not exchanges:
        return [pytest.param(None, id="none", marks=requires_corpus)]
    return [pytest.param(exchange, id=exchange.name) for exchange in exchanges]


def _load_exchange(path: Path) -> Exchange:
    record = json.loads(path.read_bytes())
    request, response = record["request"], record["response"]
    headers = {name.lower(): value for name, value in (response.get("headers") or {}).items()}
    body = request.get("body")
    return Exchange(
        name=f"{path.parent.name}/{path.stem}",
        provider=record["provider"],
        api=record["api"],
        model=record.get("model") or "",
        request_body=body,
        status=response["status"],
        headers=headers,
        body_bytes=_response_bytes(response),
        is_stream=_is_stream(body, headers, response["status"], record["api"]),
        features=tuple(record.get("features") or ()),
        finish_reasons=tuple(record.get("finish_reasons") or ()),
        fidelity=record["source"]["fidelity"],
    )


def _response_bytes(response: Mapping[str, Any]) -> bytes:
    if "body_text" in response:
        return str(response["body_text"]).encode()
    if "body_b64" in response:
        return base64.b64decode(response["body_b64"])
    return json.dumps(response["body"]).encode() if "body" in response else b""


def _is_stream(body: Any, headers: Mapping[str, str], status: int, api: str) -> bool:
    if status != 200:
        return False
    if "stream" in api or "event" in headers.get("content-type", ""):
        return True
    return isinstance(body, dict) and body.get("stream") is True
