"""Two processes ask by an alias of the database; what `core-llms providers` changes is in the next call of each."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from time import monotonic

from core.llms.simulator import Simulator
from tests.support.clocks import Stopwatch, stopwatch
from tests.support.forked_command import forked_command

NAMES = ("one", "two")
PATIENCE_SECONDS = 120

# With each line that it is given it makes one call, and says when that began and what came of it.
_WORKER = """
import json, sys, time
from core.llms.configs import ConfigRegistry
from core.llms.handlers.base_handler import ModelHandler
from core.llms.provider_config.aliases import ConfigAliases
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database

registry = ConfigRegistry()
registry.add_source(ConfigAliases(ProviderConfigService(Database(sys.argv[1]))))
with ModelHandler(registry) as handler:
    for line in sys.stdin:
        begun = time.monotonic()
        try:
            outcome = handler.get_response("support", line.strip())
        except Exception as error:
            outcome = type(error).__name__
        print(json.dumps({"begun": begun, "outcome": outcome}), flush=True)
"""


@dataclass(frozen=True)
class Call:
    """One call of another process: when it began, what came of it, and the temperature that the simulator received."""

    begun: float
    outcome: str
    temperature: float | None


class Worker:
    """A process of its own that calls on demand."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, sim: Simulator) -> None:
        self._prompts = (f"Say: {name} {number}" for number in count())
        self._process = process
        self._sim = sim

    async def call(self) -> Call:
        assert self._process.stdin is not None and self._process.stdout is not None
        prompt = next(self._prompts)
        self._process.stdin.write(f"{prompt}\n".encode())
        facts = json.loads(await self._process.stdout.readline())
        asked = (request.body for request in self._sim.requests if isinstance(request.body, dict))
        received = [body["temperature"] for body in asked if body["messages"][-1]["content"] == prompt]
        assert len(received) <= 1
        return Call(**facts, temperature=received[0] if received else None)


@asynccontextmanager
async def worker(name: str, url: str, sim: Simulator) -> AsyncIterator[Worker]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _WORKER, url, stdin=pipe, stdout=pipe)
    try:
        yield Worker(name, process, sim)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        assert await process.wait() == 0


async def providers(url: str, *arguments: str) -> None:
    environment = {**os.environ, "CORE_LLMS_DATABASE_URL": url}
    process = await asyncio.create_subprocess_exec(
        forked_command(), "providers", *arguments, env=environment, stdin=asyncio.subprocess.DEVNULL
    )
    assert await process.wait() == 0


async def late_by(caller: Worker, temperature: float | None, changed: float) -> float:
    """Call until it is as changed (None: refused); return how long after the change the last other call began."""
    late = 0.0
    while (call := await caller.call()).temperature != temperature:
        assert call.temperature is not None, call
        late = call.begun - changed
    assert (call.outcome == "ConfigInactiveError") is (temperature is None)
    return late


def allowed_seconds(watch: Stopwatch) -> float:
    return 1.0 + watch.seconds - watch.own_seconds


async def test_command_changes_the_next_call_of_each_process_within_a_second(database_url: str, sim: Simulator) -> None:
    await providers(
        database_url, "register", "openai", "gpt-4.1-mini", "--alias", "support", "--temperature", "0.2", "--upgrade"
    )
    async with asyncio.timeout(PATIENCE_SECONDS), AsyncExitStack() as stack:
        workers = [await stack.enter_async_context(worker(name, database_url, sim)) for name in NAMES]
        assert [(await each.call()).temperature for each in workers] == [0.2, 0.2]

        changes: list[tuple[list[str], float | None]] = [(["update", "--temperature", "0.9"], 0.9), (["disable"], None)]
        for (command, *options), temperature in changes:
            await providers(database_url, command, "support", *options)
            async with stopwatch() as watch:
                changed = monotonic()
                late = await asyncio.gather(*(late_by(each, temperature, changed) for each in workers))
            assert max(late) < allowed_seconds(watch)
