"""The life of an LLM around its calls: loops that end, LLMs that are dropped, forks, threads, the interpreter's end."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from decimal import Decimal

import pytest

from core.llms import ConfigurationError, LLMContext
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from core.llms.simulator import Fault, Simulator
from tests.integration.models import MODEL
from tests.support.chat_bytes import completion
from tests.support.programs import complaints
from tests.support.raw_server import Exchange, raw_server
from tests.support.settling import connections_gone


@pytest.fixture(scope="module")
def remote() -> Iterator[Simulator]:
    """A simulator in a thread of its own, as a vendor is: its loop is not the caller's."""
    with Simulator.in_thread() as running:
        yield running


def llm_at(sim: Simulator) -> OpenAIBaseLLM:
    return create_openai_llm(MODEL, api_key="sk-test", base_url=sim.openai_base_url)


def test_two_runs_of_the_event_loop_use_one_llm(remote: Simulator) -> None:
    llm = llm_at(remote)

    async def call() -> tuple[str, str]:
        whole = await llm.get_answer("Say: hi")
        return whole.text, (await llm.stream_answer("Say: hi").get_response()).text

    assert [asyncio.run(call()) for _ in range(3)] == [("hi", "hi")] * 3
    asyncio.run(llm.aclose())
    gc.collect()


def test_loop_that_ends_amid_a_stream_leaves_nothing(remote: Simulator) -> None:
    llm = llm_at(remote)

    async def leave() -> None:
        async for _ in llm.stream_answer("Count to 500"):
            break

    for _ in range(3):
        asyncio.run(leave())
    gc.collect()
    asyncio.run(llm.aclose())


async def test_dropped_llm_gives_its_connection_back() -> None:
    async def answer(exchange: Exchange) -> None:
        await exchange.answer(completion())

    async with raw_server(answer) as server:
        llm = create_openai_llm(MODEL, api_key="k", base_url=server.url)
        await llm.get_answer("Hi")
        assert server.open_connections == 1
        del llm
        gc.collect()
        await connections_gone(server)


async def test_closing_twice_is_fine_and_calling_after_it_is_refused() -> None:
    async def answer(exchange: Exchange) -> None:
        await exchange.answer(completion())

    async with raw_server(answer) as server:
        llm = create_openai_llm(MODEL, api_key="k", base_url=server.url)
        await llm.get_answer("Hi")
        await llm.aclose()
        await llm.aclose()
        await connections_gone(server)
        with pytest.raises(ConfigurationError, match="this LLM was closed"):
            await llm.get_answer("Hi")
    assert len(server.exchanges) == 1


EXITS = {
    "after a call": """
        async def main():
            await llm.get_answer("Say: hi")
        asyncio.run(main())
    """,
    "amid a stream": """
        async def main():
            async for event in llm.stream_answer("Count to 500"):
                break
        asyncio.run(main())
    """,
    "with a stream that was never read": """
        async def main():
            global stream
            stream = llm.stream_answer("Say: hi")
        asyncio.run(main())
    """,
    "with a stream that somebody holds": """
        async def main():
            global stream
            stream = llm.stream_answer("Count to 500")
            await anext(stream)
        asyncio.run(main())
    """,
    "with a call still running": """
        async def main():
            global task
            task = asyncio.create_task(llm.get_answer("Count to 500"))
            await asyncio.sleep(0.02)
        asyncio.run(main())
    """,
    "after two runs": """
        async def main():
            await llm.get_answer("Say: hi")
        asyncio.run(main())
        asyncio.run(main())
    """,
    "out of a loop that is never closed": """
        loop = asyncio.new_event_loop()
        loop.run_until_complete(llm.get_answer("Say: hi"))
        warnings.filterwarnings("ignore", "unclosed event loop", ResourceWarning)
        warnings.filterwarnings("ignore", "unclosed <socket", ResourceWarning)
    """,
    "by an exception": """
        async def main():
            async with llm.stream_answer("Count to 500") as stream:
                async for event in stream:
                    raise SystemExit(0)
        asyncio.run(main())
    """,
}


@pytest.mark.parametrize("way", list(EXITS))
def test_interpreter_ends_without_a_word(remote: Simulator, way: str) -> None:
    script = textwrap.dedent("""
        import asyncio, sys, warnings
        from core.llms.providers.openai import create_openai_llm
        llm = create_openai_llm("gpt-4.1-mini", api_key="k", base_url=sys.argv[1])
    """) + textwrap.dedent(EXITS[way])
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-X", "dev", "-c", script, remote.openai_base_url],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (ended.returncode, complaints(ended.stderr), ended.stdout) == (0, [], "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_child_of_a_fork_has_the_places_and_the_money_that_calls_of_its_parent_hold(remote: Simulator) -> None:
    script = textwrap.dedent("""
        import asyncio, os, sys, threading, time
        from core.llms import Budget, BudgetsMiddleware, LLMContext, RateLimiter, RateLimitMiddleware, balance
        from core.llms.providers.openai import create_openai_llm

        limiter, budgets = RateLimiter(concurrent_requests=1), BudgetsMiddleware([Budget(tokens=200)])
        around = [budgets, RateLimitMiddleware(limiter)]
        one, other = (
            create_openai_llm("gpt-4.1-mini", api_key=key, base_url=sys.argv[1], middleware=around) for key in "ab"
        )
        pool = balance(one, other)

        def ask():
            answer = asyncio.run(pool.get_answer("Say: hi", LLMContext(timeout_seconds=100), max_tokens=20))
            return answer.attempts[0].account

        threading.Thread(target=ask, daemon=True).start()
        while limiter.room_of(one.target) != 0:
            time.sleep(0.001)
        child = os.fork()
        if child:
            os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        assert {ask(), ask()} == {one.target.account, other.target.account}
        (status,) = asyncio.run(budgets.status())
        assert (status.reserved_tokens, status.spent_tokens) == (0, 22), status
    """)
    remote.script(Fault(hang=True))
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-X", "dev", "-c", script, remote.openai_base_url],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (complaints(ended.stderr), ended.returncode) == ([], 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_child_of_a_fork_calls_with_the_parents_llm(remote: Simulator) -> None:
    script = textwrap.dedent("""
        import asyncio, os, sys, warnings
        from core.llms.providers.openai import create_openai_llm
        llm = create_openai_llm("gpt-4.1-mini", api_key="k", base_url=sys.argv[1])

        def call():
            return asyncio.run(llm.get_answer("Say: hi")).text

        async def call_and_fork():
            first = (await llm.get_answer("Say: hi")).text
            child = os.fork()
            if child == 0:
                os._exit(0)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
            return first, (await llm.get_answer("Say: hi")).text

        assert asyncio.run(call_and_fork()) == ("hi", "hi")
        child = os.fork()
        if child == 0:
            sys.exit(0 if call() == call() == "hi" else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert call() == "hi"
    """)
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-X", "dev", "-c", script, remote.openai_base_url],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (ended.returncode, complaints(ended.stderr)) == (0, [])


def test_two_loops_in_two_threads_use_one_llm_at_once(remote: Simulator) -> None:
    llm = llm_at(remote)
    ctx = LLMContext(budget_usd=Decimal(1000))
    assert ctx.budget is not None
    together = threading.Barrier(2, timeout=10)
    texts: list[str] = []
    errors: list[BaseException] = []

    async def calls() -> list[str]:
        together.wait()
        whole = [llm.get_answer("Say: hi", ctx) for _ in range(25)]
        streamed = [llm.stream_answer("Say: hi", ctx).get_response() for _ in range(25)]
        return [response.text for response in await asyncio.gather(*whole, *streamed)]

    def run() -> None:
        try:
            texts.extend(asyncio.run(calls()))
        except BaseException as error:  # noqa: BLE001 - a thread's error is the test's
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asyncio.run(llm.aclose())
    assert errors == []
    assert texts == ["hi"] * 100
    assert (ctx.ledger.attempt_count, ctx.budget.reserved) == (100, Decimal(0))
    assert ctx.budget.spent == ctx.cost


def test_closing_in_one_loop_does_not_break_the_other(remote: Simulator) -> None:
    first, second = llm_at(remote), llm_at(remote)
    closed = threading.Event()
    texts: list[str] = []

    async def long_stream() -> None:
        async with first.stream_answer("Count to 200") as answer:
            async for _ in answer:
                if not closed.is_set():
                    await asyncio.to_thread(lambda: asyncio.run(second.aclose()))
                    closed.set()
        texts.append(answer.response.text)

    asyncio.run(long_stream())
    asyncio.run(first.aclose())
    assert texts[0].endswith("199, 200")
