"""The life of the simulator: starting, closing, threads, records, environment."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from core.llms import create_llm
from core.llms.create import list_providers
from core.llms.simulator import Fault, Simulator
from tests.support.clocks import stopwatch
from tests.unit.simulator.calls import post

HELLO = {"model": "gpt-4.1-mini", "messages": [{"role": "user", "content": "Hello!"}]}
KEY = {"Authorization": "Bearer sk-test"}
MODELS = {"azure": "gpt-4.1-mini", "bedrock": "amazon.nova-lite-v1:0"}


async def test_simulator_answers_chat_on_a_free_port() -> None:
    async with Simulator() as sim, aiohttp.ClientSession() as session:
        async with session.post(f"{sim.openai_base_url}/chat/completions", json=HELLO, headers=KEY) as response:
            body = await response.json()
        assert response.status == 200
        assert sim.port > 0
    assert body["choices"][0]["message"]["content"] == 'You said: "Hello!" This conversation has 1 message.'


async def test_simulator_records_requests_without_credentials() -> None:
    async with Simulator() as sim, aiohttp.ClientSession() as session:
        async with session.post(f"{sim.openai_base_url}/chat/completions?a=b", json=HELLO, headers=KEY):
            pass
        recorded = sim.requests[-1]
    assert (recorded.method, recorded.path, recorded.query["a"]) == ("POST", "/v1/chat/completions", "b")
    assert recorded.headers["authorization"] == "[redacted]"
    assert recorded.body == HELLO


async def test_simulator_keeps_only_the_newest_requests() -> None:
    async with Simulator(keep_requests=2) as sim, aiohttp.ClientSession() as session:
        for number in range(3):
            async with session.get(f"{sim.openai_base_url}/models?n={number}", headers=KEY):
                pass
        assert [request.query["n"] for request in sim.requests] == ["1", "2"]


async def test_simulator_closes_within_a_second_while_requests_hang() -> None:
    async with aiohttp.ClientSession() as session:
        async with stopwatch() as watch, Simulator() as sim:
            sim.faults.append(Fault(hang=True))
            tasks = [
                asyncio.create_task(
                    session.post(f"{sim.openai_base_url}/chat/completions", json=HELLO, headers=KEY).__aenter__()
                )
                for _ in range(20)
            ]
            while sim.active_requests < 20:
                await asyncio.sleep(0)
            before = watch.own_seconds
        assert watch.own_seconds - before < 1
        assert sim.active_requests == 0
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(outcome, aiohttp.ClientError) for outcome in outcomes)


async def test_simulator_can_be_started_again_after_closing() -> None:
    sim = Simulator()
    for _ in range(2):
        async with sim, aiohttp.ClientSession() as session, session.get(f"{sim.openai_base_url}/models", headers=KEY):
            pass
    with pytest.raises(RuntimeError, match="not started"):
        assert sim.port


def test_simulator_runs_in_a_thread_for_synchronous_code() -> None:
    async def ask(url: str) -> int:
        async with aiohttp.ClientSession() as session, session.get(f"{url}/models", headers=KEY) as response:
            return response.status

    with Simulator.in_thread() as sim:
        assert asyncio.run(ask(sim.openai_base_url)) == 200


async def test_environment_points_at_the_simulator() -> None:
    async with Simulator(api_key="sk-mine") as sim:
        variables = sim.environment()
        assert variables["OPENAI_BASE_URL"] == sim.openai_base_url
        assert variables["OPENAI_API_KEY"] == "sk-mine"


async def test_serving_for_ever_ends_when_cancelled() -> None:
    sim = Simulator()
    serving = asyncio.create_task(sim.serve_forever())
    async with asyncio.timeout(5), aiohttp.ClientSession() as session:
        while sim.active_requests == 0 and not await is_up(sim, session):
            await asyncio.sleep(0)
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    with pytest.raises(RuntimeError):
        assert sim.url


async def is_up(sim: Simulator, session: aiohttp.ClientSession) -> bool:
    try:
        async with session.get(f"{sim.url}/v1/models", headers=KEY) as response:
            return response.status == 200
    except (RuntimeError, aiohttp.ClientError):
        return False


async def test_requests_leave_no_task_behind() -> None:
    before = asyncio.all_tasks()
    async with Simulator() as sim, aiohttp.ClientSession() as session:
        for fault in ("{}", '{"cut_after_events": 1, "cut_mode": "reset"}', '{"hang_after_events": 1}'):
            headers = KEY | {"x-simulator-fault": fault}
            async with session.post(f"{sim.url}/v1/chat/completions", json=HELLO | {"stream": True}, headers=headers):
                pass
    assert asyncio.all_tasks() == before


async def test_large_bodies_are_taken(sim: Simulator) -> None:
    received = await post(sim, "/v1/chat/completions", HELLO | {"model": "gpt-4.1", **messages_of("word " * 600_000)})
    assert received.json["usage"]["prompt_tokens"] == 600_008


def messages_of(text: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}]}


async def test_reset_forgets_everything() -> None:
    async with Simulator() as sim, aiohttp.ClientSession() as session:
        sim.faults.append(Fault(status=500))
        sim.script("never said")
        sim.reset()
        async with session.post(f"{sim.url}/v1/chat/completions", json=HELLO, headers=KEY) as response:
            body = await response.json()
        assert body["choices"][0]["message"]["content"].startswith("You said")
        assert len(sim.requests) == 1


@pytest.mark.filterwarnings("ignore::UserWarning")
async def test_every_provider_has_a_room_to_which_its_environment_leads(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in sim.environment().items():
        monkeypatch.setenv(name, value)
    for provider in list_providers():
        assert sim.base_url(provider).startswith(f"{sim.url}/")
        llm = create_llm(f"{provider}/{MODELS.get(provider, 'some-model')}")
        assert str(llm.connector.base_url).startswith(sim.url), provider
