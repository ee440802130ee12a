"""One piece of work for all who ask for it at once: who waits, who gives up, who gets which error."""

from __future__ import annotations

import asyncio
import gc

import pytest

from core.llms.errors import AuthenticationError
from core.llms.providers.base.single_flight import SingleFlight


class Work:
    """Work that goes on until it is released, and then fails if it is told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.begun = self.done = 0
        self.error = error
        self.release = asyncio.Event()

    async def __call__(self) -> None:
        self.begun += 1
        await self.release.wait()
        self.done += 1
        if self.error is not None:
            raise self.error


async def test_work_is_done_once_for_all_who_wait_and_anew_for_the_next() -> None:
    work = Work()
    flight = SingleFlight(work)
    waiting = [asyncio.create_task(flight.wait()) for _ in range(5)]
    await asyncio.sleep(0)
    work.release.set()
    await asyncio.gather(*waiting)
    assert work.begun == 1
    await flight.wait()
    assert work.begun == 2


async def test_work_goes_on_when_a_caller_gives_up() -> None:
    work = Work()
    flight = SingleFlight(work)
    first, second = asyncio.create_task(flight.wait()), asyncio.create_task(flight.wait())
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    work.release.set()
    await second
    assert (work.begun, work.done) == (1, 1)


async def test_each_caller_gets_an_error_of_its_own() -> None:
    error = AuthenticationError("no", status=400)
    work = Work(error)
    work.release.set()
    flight = SingleFlight(work)
    errors = await asyncio.gather(*(flight.wait() for _ in range(3)), return_exceptions=True)
    assert len({id(each) for each in [error, *errors]}) == 4
    assert all(isinstance(each, AuthenticationError) and each.status == 400 for each in errors)


async def test_failure_that_nobody_waits_for_is_not_reported_as_lost() -> None:
    reports: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: reports.append(context))
    work = Work(AuthenticationError("no"))
    work.release.set()
    task = SingleFlight(work).start()
    await asyncio.wait([task])
    del task
    gc.collect()
    assert reports == []


def test_each_event_loop_does_its_own_work() -> None:
    begun: list[asyncio.AbstractEventLoop] = []

    async def work() -> None:
        begun.append(asyncio.get_running_loop())

    flight = SingleFlight(work)
    for _ in range(2):
        asyncio.run(flight.wait())
    assert len(set(begun)) == 2
