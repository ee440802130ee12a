"""Who is measured, and how much of what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

# Without it, litellm downloads a price list when it is imported.
_LITELLM = "import os; os.environ['LITELLM_LOCAL_MODEL_COST_MAP'] = 'True'; import litellm"
YARDSTICK = "aiohttp by hand"
OURS = "core-llms"


@dataclass(frozen=True, slots=True)
class Peer:
    """A client: its title, its module in `clients/`, the package it needs, and the import a user writes."""

    title: str
    module: str
    package: str
    statement: str

    @property
    def is_installed(self) -> bool:
        """Whether this environment can run it."""
        try:
            return find_spec(self.package) is not None
        except ModuleNotFoundError:  # the package that it is a part of
            return False

    @property
    def is_quick(self) -> bool:
        """Whether it is measured in every round; the others, which take ten times as long, in the first ones alone."""
        return self.title in (YARDSTICK, OURS)


@dataclass(frozen=True, slots=True)
class Field:
    """The clients of one vendor; the first is the yardstick. `holds_streams`: measure 1,000 streams at once, too."""

    vendor: str
    peers: tuple[Peer, ...]
    holds_streams: bool = False

    @property
    def installed(self) -> tuple[Peer, ...]:
        """The clients that this environment can run."""
        return tuple(peer for peer in self.peers if peer.is_installed)


def _field(vendor: str, name: str, *others: Peer, holds_streams: bool = False) -> Field:
    statement = f"from core.llms.providers.{name} import create_{name}_llm"
    peers = (
        Peer(YARDSTICK, f"by_hand_{name}", "aiohttp", "import aiohttp"),
        Peer(OURS, f"core_{name}", "core.llms", statement),
        *others,
    )
    return Field(vendor, peers, holds_streams)


FIELDS = (
    _field(
        "OpenAI",
        "openai",
        Peer("openai", "openai_sdk", "openai", "import openai"),
        Peer("litellm", "litellm_sdk", "litellm", _LITELLM),
        holds_streams=True,
    ),
    _field("Anthropic", "anthropic", Peer("anthropic", "anthropic_sdk", "anthropic", "import anthropic")),
    _field("Gemini", "google", Peer("google-genai", "google_sdk", "google.genai", "from google import genai")),
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured: full, or quick for a look. Rounds of slow clients are fewer (see `Peer.is_quick`)."""

    rounds: int
    slow_rounds: int
    imports: int
    calls: int
    long_streams: int
    short_streams: int
    paced_streams: int
    held_streams: int
    held_rounds: int

    def turns(self, peers: Sequence[Peer], rounds: int) -> list[list[Peer]]:
        """Return who takes part in each round: the yardstick first in one, last in the next."""
        lines = [[peer for peer in peers if peer.is_quick or index < self.slow_rounds] for index in range(rounds)]
        return [line if index % 2 == 0 else line[::-1] for index, line in enumerate(lines)]


FULL = Sizes(
    rounds=25,
    slow_rounds=2,
    imports=7,
    calls=200,
    long_streams=4,
    short_streams=40,
    paced_streams=16,
    held_streams=1000,
    held_rounds=1,
)
QUICK = Sizes(
    rounds=1,
    slow_rounds=1,
    imports=1,
    calls=32,
    long_streams=2,
    short_streams=16,
    paced_streams=16,
    held_streams=50,
    held_rounds=1,
)
