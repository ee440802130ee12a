"""Servers of this machine: found at their usual addresses, told apart by what they answer, and sent no key."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Final

from core.llms.errors import LLMError, ProtocolError
from core.llms.provider_config.discovery.addresses import root_of
from core.llms.provider_config.discovery.asking import AskingError
from core.llms.provider_config.discovery.servers import llama_cpp, lm_studio, ollama, openai_compatible, vllm
from core.llms.provider_config.discovery.servers.kind import ServerKind
from core.llms.providers.base.auth import NoAuth
from core.llms.providers.base.connector import BaseConnector, RawResponse
from core.llms.providers.base.transport import Timeouts
from core.llms.registry.detection.base.waiting import gather_or_cancel

# The last one fits what the others do, too.
KINDS: Final[tuple[ServerKind, ...]] = (
    vllm.KIND, llama_cpp.KIND, lm_studio.KIND, ollama.KIND, openai_compatible.KIND,
)  # fmt: skip
USUAL_ADDRESSES: Final = tuple(f"http://127.0.0.1:{port}" for kind in KINDS for port in kind.ports)
_PATHS: Final = tuple(dict.fromkeys(kind.path for kind in KINDS))
_HANGS: Final = "hangs"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundServer:
    """A server whose kind is known. `facts` are what it tells of models besides the provider's list."""

    kind: ServerKind
    address: str
    facts: Mapping[str, Mapping[str, Any]]
    connector: BaseConnector = field(repr=False)


async def find_server(address: str, connect_seconds: float, until: float) -> FoundServer | None:
    """Find out what listens at an address; None where no connection is made, or where it is nothing of these kinds.

    Closing the connector is the caller's. Raises `AskingError` for one that accepts and does not answer in time, and
    for one that wants a key.
    """
    root = root_of(address)
    async with aclosing(_connect(root, connect_seconds)) as connector:
        answers = await gather_or_cancel(_get(connector, path, until) for path in _PATHS)
    bodies = {path: _read_body(answer) for path, answer in zip(_PATHS, answers, strict=True)}
    for kind in KINDS:
        body = bodies[kind.path]
        if body is not None and kind.recognises(body):
            own = _connect(root + kind.base_path, connect_seconds)
            return FoundServer(kind=kind, address=own.base_url, facts=kind.read_facts(body), connector=own)
    if _HANGS in answers:
        raise AskingError("no_answer", "something listens there, and does not answer")
    if any(answer.status in (401, 403) and _is_json(answer) for answer in answers if isinstance(answer, RawResponse)):
        raise AskingError("wrong_key", "what listens there wants a key")
    return None


def _connect(address: str, connect_seconds: float) -> BaseConnector:
    return BaseConnector(base_url=address, auth=NoAuth(), timeouts=Timeouts(connect=connect_seconds))


async def _get(connector: BaseConnector, path: str, until: float) -> RawResponse | str | None:
    """Return the answer at a path, `_HANGS`, or None where there is no server or none that speaks HTTP."""
    try:
        async with asyncio.timeout_at(until):
            return await connector.request("GET", path)
    except TimeoutError as error:
        # An error of the connector's own says that not even a connection was made.
        return None if isinstance(error, LLMError) else _HANGS
    except LLMError:
        return None


def _read_body(answer: RawResponse | str | None) -> Mapping[str, Any] | None:
    if not isinstance(answer, RawResponse) or answer.status != 200 or not _is_json(answer):
        return None
    body = answer.json()
    return body if isinstance(body, Mapping) else None


def _is_json(answer: RawResponse) -> bool:
    try:
        answer.json()
    except ProtocolError:
        return False
    return True
