"""Blocking calls of coroutines: one loop in the background, cancelled with who waits, apart in every process."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextvars import ContextVar

import pytest

from core.llms.errors import ConfigurationError
from core.llms.runtime.blocking import BackgroundTask, background_loop, run_blocking
from core.llms.runtime.fork_lock import ForkLock
from core.llms.runtime.read_ahead import ReadAhead
from tests.support.programs import complaints

WHO: ContextVar[str] = ContextVar("who", default="nobody")
PATIENCE_SECONDS = 30.0


async def here() -> tuple[int, str]:
    await asyncio.sleep(0)
    return threading.get_ident(), WHO.get()


class Cut(threading.Thread):
    """Sends this process Ctrl-C once the work has begun."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.begun = threading.Event()

    def run(self) -> None:
        assert self.begun.wait(PATIENCE_SECONDS)
        os.kill(os.getpid(), signal.SIGINT)


def test_result_and_error_come_back() -> None:
    async def fail() -> None:
        raise LookupError("there")

    assert run_blocking(asyncio.sleep(0, "done")) == "done"
    with pytest.raises(LookupError, match="there"):
        run_blocking(fail())


async def test_a_running_loop_may_be_blocked() -> None:
    assert run_blocking(here())[0] != threading.get_ident()


def test_all_threads_share_one_loop_and_keep_their_own_context() -> None:
    gate = threading.Barrier(8)

    def call(name: str) -> tuple[int, str]:
        WHO.set(name)
        gate.wait()
        return run_blocking(here())

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(call, map(str, range(8))))

    assert {thread for thread, _ in results} == {run_blocking(here())[0]}
    assert [name for _, name in results] == [str(number) for number in range(8)]
    assert WHO.get() == "nobody"


def test_a_blocking_call_inside_the_background_is_refused() -> None:
    async def nested() -> None:
        run_blocking(here())

    with pytest.raises(ConfigurationError, match="cannot be made from inside another one"):
        run_blocking(nested())


@pytest.fixture
def heeds_ctrl_c() -> Iterator[None]:
    """A shell starts what runs in the background so that it ignores Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeds_ctrl_c")
def test_ctrl_c_cancels_the_call_and_waits_for_its_end() -> None:
    ended: list[str] = []
    cut = Cut()

    async def work() -> None:
        cut.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append("cleaned up")

    cut.start()
    with pytest.raises(KeyboardInterrupt):
        run_blocking(work())

    assert ended == ["cleaned up"]


def test_a_task_is_cancelled_before_it_began() -> None:
    blocked, free = threading.Event(), threading.Event()

    async def block() -> None:
        blocked.set()
        assert free.wait(PATIENCE_SECONDS)

    busy, late = BackgroundTask(block()), BackgroundTask(here())
    busy.start()
    assert blocked.wait(PATIENCE_SECONDS)
    late.start()
    late.cancel()
    free.set()

    with pytest.raises(CancelledError):
        late._ended.result(PATIENCE_SECONDS)


def test_a_forked_child_has_a_loop_of_its_own() -> None:
    run_blocking(here())
    parents = background_loop()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        fine = run_blocking(asyncio.sleep(0, "child")) == "child" and background_loop() is not parents
        os.write(writing, b"fine" if fine else b"shared")
        os._exit(0)
    os.waitpid(child, 0)

    assert os.read(reading, 10) == b"fine"
    assert run_blocking(asyncio.sleep(0, "parent")) == "parent"
    os.close(reading)
    os.close(writing)


def test_a_lock_that_another_thread_holds_is_free_in_a_child() -> None:
    lock, held, done = ForkLock(), threading.Event(), threading.Event()

    def hold() -> None:
        with lock.held:
            held.set()
            done.wait(PATIENCE_SECONDS)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(PATIENCE_SECONDS)
    child = os.fork()
    if child == 0:
        signal.alarm(int(PATIENCE_SECONDS))
        with lock.held:
            os._exit(0)
    status = os.waitpid(child, 0)[1]
    done.set()
    holder.join()

    assert status == 0


def test_the_interpreter_s_end_closes_what_is_open_and_waits_for_nothing() -> None:
    program = """
import asyncio
from core.llms.runtime.blocking import BackgroundTask, run_blocking

async def keep():
    try:
        yield 1
    finally:
        print("generator closed")

async def hang():
    try:
        await asyncio.Event().wait()
    finally:
        print("task cancelled")

async def begin():
    global kept
    kept = keep()
    await anext(kept)

run_blocking(begin())
BackgroundTask(hang()).start()
run_blocking(asyncio.sleep(0))
print("end")
"""
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )

    assert (done.stdout, done.returncode) == ("end\ntask cancelled\ngenerator closed\n", 0)
    assert complaints(done.stderr) == []


class Source:
    """Numbers, with a record of how far they were read and whether they were closed."""

    def __init__(self, count: int, error: Exception | None = None) -> None:
        self.count = count
        self.error = error
        self.given = 0
        self.closed = threading.Event()

    async def numbers(self) -> AsyncGenerator[int, None]:
        try:
            for number in range(self.count):
                self.given += 1
                yield number
            if self.error is not None:
                raise self.error
        finally:
            self.closed.set()


def all_of(reader: ReadAhead[int]) -> Iterator[int]:
    while True:
        try:
            yield reader.take()
        except StopIteration:
            return


def test_items_come_in_order_to_the_last() -> None:
    source = Source(2_000)
    reader = ReadAhead(source.numbers())

    assert source.given == 0
    assert list(all_of(reader)) == list(range(2_000))
    assert source.closed.is_set()
    assert list(all_of(reader)) == []


def test_an_error_comes_after_the_items_before_it() -> None:
    reader = ReadAhead(Source(2, LookupError("cut")).numbers())

    assert (reader.take(), reader.take()) == (0, 1)
    with pytest.raises(LookupError, match="cut"):
        reader.take()
    with pytest.raises(StopIteration):
        reader.take()


def test_a_slow_reader_holds_the_source_up() -> None:
    source = Source(10_000)
    reader = ReadAhead(source.numbers())
    reader.take()
    run_blocking(asyncio.sleep(0))
    settled = source.given
    for _ in range(5):
        run_blocking(asyncio.sleep(0))

    assert source.given == settled < 300
    assert not source.closed.is_set()
    reader.close()
    assert source.closed.is_set()


def test_what_is_read_ahead_is_broken_off_by_a_reader_that_stops() -> None:
    source = Source(10_000)
    reader = ReadAhead(source.numbers())
    reader.take()
    reader.abandon()

    assert source.closed.wait(PATIENCE_SECONDS)
    assert source.given < 300
