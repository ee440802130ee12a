"""Who is measured, and what is measured of each."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

# Without it, litellm downloads a price list when it is imported.
_LITELLM = "import os; os.environ['LITELLM_LOCAL_MODEL_COST_MAP'] = 'True'; import litellm"


@dataclass(frozen=True, slots=True)
class Peer:
    """A client: its title, its module in `clients/`, the package it needs, and the import a user writes."""

    title: str
    module: str
    package: str
    statement: str


PEERS = (
    Peer("aiohttp by hand", "by_hand", "aiohttp", "import aiohttp"),
    Peer("core-llms", "core_llms", "core.llms", "from core.llms.providers.openai import create_openai_llm"),
    Peer("openai", "openai_sdk", "openai", "import openai"),
    Peer("litellm", "litellm_sdk", "litellm", _LITELLM),
)


def installed_peers() -> tuple[Peer, ...]:
    """Return the clients that this environment can run; the first is the yardstick."""
    return tuple(peer for peer in PEERS if find_spec(peer.package) is not None)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured: full, or quick for a look."""

    rounds: int
    imports: int
    calls: int
    long_streams: int
    short_streams: int
    paced_streams: int
    held_streams: int
    held_rounds: int


FULL = Sizes(
    rounds=7,
    imports=7,
    calls=1000,
    long_streams=16,
    short_streams=160,
    paced_streams=64,
    held_streams=1000,
    held_rounds=3,
)
QUICK = Sizes(
    rounds=1,
    imports=1,
    calls=32,
    long_streams=2,
    short_streams=16,
    paced_streams=16,
    held_streams=50,
    held_rounds=1,
)
