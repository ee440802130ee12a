"""Processes that rewrap stored credentials, while others use them and store more; and what became of it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from time import perf_counter
from typing import Any, Final

from core.llms import LLMError
from core.llms.provider_config.credentials.encryption_keys import EncryptionKey
from core.llms.provider_config.credentials.key_sources import StaticKeys
from core.llms.provider_config.credentials.rotation import BATCH_SIZE
from core.llms.provider_config.credentials.rows import CredentialRows
from core.llms.provider_config.schemas import LLMParametersCreate, ProviderModelConfigResponse
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database
from tests.support.config_processes import PROVIDER, Answering
from tests.support.forks import MOST_SECONDS, forking, require_ended_well

_MODEL: Final = "rotated"
# What begins before the others: they are to be there all the time.
_READS_BEFOREHAND: Final = 20


@dataclass(frozen=True)
class Plan:
    """How many credentials are stored under the old key, and how many processes do what."""

    url: str
    rows: int
    rotators: int = 2
    readers: int = 4
    batch_size: int = BATCH_SIZE


@dataclass
class Outcome:
    """What processes did, what is stored afterwards, and flaws: reads that failed, secrets that are not what they were.

    `left` are the rows that still need the old key; `seconds` is how long the rotation took.
    """

    rewrapped: list[int] = field(default_factory=list)
    stored: int = 0
    left: int = 0
    read_seconds: list[float] = field(default_factory=list)
    seconds: float = 0.0
    flaws: list[str] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Count what another process did, too."""
        self.rewrapped += other.rewrapped
        self.stored += other.stored
        self.read_seconds += other.read_seconds
        self.flaws += other.flaws


def serve(database: Database, *ids: str) -> ProviderConfigService:
    """Return a service that knows these keys, the current one first."""
    keys = {name: EncryptionKey(sha256(name.encode()).digest()) for name in ids}
    return ProviderConfigService(database, verifier=Answering(), keys=StaticKeys(keys))


async def rotate_under_load(plan: Plan) -> Outcome:
    """Store credentials under the old key, run all processes, and open with the new key alone what is stored then."""
    async with Database(plan.url) as database:
        service = serve(database, "old")
        ids = [await _store(service, number) for number in range(plan.rows)]
        config = await service.register_provider_model(
            PROVIDER, _MODEL, LLMParametersCreate(name=_MODEL), credential_id=ids[0]
        )
        total = await asyncio.to_thread(_run, plan, config, {row_id: _secret(n) for n, row_id in enumerate(ids)})
        await _judge(total, serve(database, "new"), plan.rows + total.stored)
    return total


def _run(plan: Plan, config: ProviderModelConfigResponse, secrets: Mapping[int, str]) -> Outcome:
    context = forking()
    begun, stopped, results = context.Semaphore(0), context.Event(), context.Queue()
    others = [
        context.Process(target=work, args=(doing, plan.url, begun, stopped, results))
        for doing in (*[_Reader(config, secrets)] * plan.readers, _Writer(plan.rows))
    ]
    rotators = [
        context.Process(target=work, args=(_Rotator(plan.batch_size), plan.url, begun, stopped, results))
        for _ in range(plan.rotators)
    ]
    for process in others:
        process.start()
    for _ in others:
        if not begun.acquire(timeout=MOST_SECONDS):
            raise RuntimeError("a process did not begin")
    total = Outcome()
    for process in rotators:
        process.start()
    for _ in rotators:
        done = results.get(timeout=MOST_SECONDS)
        total.add(done)
        total.seconds = max(total.seconds, done.seconds)
    stopped.set()
    for _ in others:
        total.add(results.get(timeout=MOST_SECONDS))
    require_ended_well([*rotators, *others])
    return total


def work(doing: Any, url: str, begun: Any, stopped: Any, results: Any) -> None:
    """Do what one process has to do, and tell what became of it."""

    async def run() -> None:
        async with Database(url) as database:
            results.put(await doing(serve(database, "new", "old"), begun.release, stopped.is_set))

    asyncio.run(run())


@dataclass(frozen=True)
class _Reader:
    config: ProviderModelConfigResponse
    secrets: Mapping[int, str]

    async def __call__(
        self, service: ProviderConfigService, tell: Callable[[], None], is_over: Callable[[], bool]
    ) -> Outcome:
        outcome, ids = Outcome(), [*self.secrets]
        for number in count():
            if number == _READS_BEFOREHAND:
                tell()
            elif is_over():
                return outcome
            row_id = random.choice(ids)
            begun = perf_counter()
            try:
                found = await service.credentials.resolve(self.config.model_copy(update={"credential_id": row_id}))
                if not found["api_key"].get_secret_value().startswith(self.secrets[row_id]):
                    outcome.flaws.append(f"credential {row_id} is another's")
            except LLMError as error:
                outcome.flaws.append(f"credential {row_id} could not be used: {error}")
            outcome.read_seconds.append(perf_counter() - begun)
        raise AssertionError("counting does not end")


@dataclass(frozen=True)
class _Writer:
    first: int

    async def __call__(
        self, service: ProviderConfigService, tell: Callable[[], None], is_over: Callable[[], bool]
    ) -> Outcome:
        outcome = Outcome()
        tell()
        while not is_over():
            number = self.first + outcome.stored
            await _store(service, number)
            outcome.stored += 1
            # Of those under the old key, from the end that rotation comes to last.
            old = self.first - 1 - outcome.stored % self.first
            await service.credentials.replace(_name(old), {"api_key": f"{_secret(old)}changed"})
        return outcome


@dataclass(frozen=True)
class _Rotator:
    batch_size: int

    async def __call__(
        self, service: ProviderConfigService, tell: Callable[[], None], is_over: Callable[[], bool]
    ) -> Outcome:
        begun = perf_counter()
        report = await service.credentials.rotate_keys(batch_size=self.batch_size)
        seconds = perf_counter() - begun
        return Outcome([report.rewrapped], seconds=seconds, flaws=[*map(str, report.failures.items())])


async def _judge(total: Outcome, service: ProviderConfigService, rows: int) -> None:
    total.left = (await service.credentials.list_key_ids_in_use()).get("old", 0)
    async with service.database.reading() as session:
        stored = await CredentialRows(session).list_all()
    if len(stored) != rows:
        total.flaws.append(f"{len(stored)} credentials are stored, not {rows}")
    for row in stored:
        if row.key_id == "new":
            (secret,) = (await service.credentials.read_secrets(row.name)).values()
            if not secret.get_secret_value().startswith(_secret(int(row.name))):
                total.flaws.append(f"credential {row.name} is not what it was")
    total.flaws += map(str, (await service.audit.verify_audit_chain()).problems)


async def _store(service: ProviderConfigService, number: int) -> int:
    return (await service.credentials.create(_name(number), PROVIDER, {"api_key": _secret(number)})).id


def _name(number: int) -> str:
    return f"{number:06}"


def _secret(number: int) -> str:
    return f"sk-{number:06}-"
