"""Servers of this machine: told apart by what they answer, with what they tell of their models, and no key sent."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from core.llms.provider_config.discovery.addresses import is_loopback, place_of
from core.llms.provider_config.discovery.local import USUAL_ADDRESSES
from core.llms.provider_config.errors import ConfigValidationError
from core.llms.simulator import Simulator
from tests.support.raw_server import Exchange, raw_server
from tests.unit.provider_config.discovery.looking import LLAMA_CPP, LM_STUDIO, answers, models_of, only, patiently


@pytest.fixture
def free_address() -> Iterator[str]:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        # Bound and not listening: nobody else gets it, and a connection is refused.
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


async def test_ollama_tells_what_each_model_can_do_and_gets_no_key(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "of-the-cloud")
    report = await patiently("ollama", addresses=[f"{sim.url}/ollama"], limit=None, local_only=True)
    found = only(report)
    assert (found.server, found.address, found.variables) == ("Ollama", f"{sim.url}/ollama", ())
    models = models_of(found)
    able = models["qwen3-vl:4b"].profile.capabilities
    assert (able.context_window, able.supports_vision, able.supports_tools) == (262_144, True, True)
    assert models["gemma3:1b"].profile.capabilities.supports_vision is False
    assert models["nomic-embed-text:latest"].reason == "it does not chat"
    proposal = models["qwen3:latest"].proposal
    assert proposal is not None and proposal.parameters is not None
    assert (proposal.base_url, proposal.api_key_env, proposal.alias) == (f"{sim.url}/ollama", None, "qwen3")
    assert not [request for request in sim.requests if "authorization" in request.headers]


async def test_vllm_tells_the_room_that_it_was_started_with(sim: Simulator) -> None:
    report = await patiently(addresses=[f"{sim.url}/openai-compatible/v1"])
    found = only(report)
    assert (found.provider, found.server) == ("openai_compatible", "vLLM")
    models = models_of(found)
    assert models["qwen3-8b"].profile.capabilities.context_window == 40_960
    plain = models["plain-chat"].proposal
    assert plain is not None and plain.parameters is not None
    # At most half of what fits is left for the answer.
    assert plain.parameters.max_new_tokens == 4_096
    assert plain.base_url == found.address == f"{sim.url}/openai-compatible/v1"


async def test_llama_cpp_is_not_taken_for_ollama() -> None:
    bodies = {"/v1/models": LLAMA_CPP, "/api/tags": LLAMA_CPP}
    async with raw_server(answers(bodies)) as server:
        found = only(await patiently(addresses=[server.url]))
    assert (found.server, found.address) == ("llama.cpp", f"{server.url}/v1")
    assert models_of(found)["gemma-4-12b"].profile.capabilities.context_window == 16_384


async def test_lm_studio_tells_more_in_its_own_list() -> None:
    async with raw_server(answers(LM_STUDIO)) as server:
        found = only(await patiently(addresses=[server.url], limit=None))
    assert (found.server, found.provider) == ("LM Studio", "openai_compatible")
    models = models_of(found)
    sees, loaded, embeds = (models[name] for name in sorted(models, key=["qwen2-vl-7b-instruct",
        "meta-llama-3.1-8b-instruct", "text-embedding-nomic-embed-text-v1.5"].index))  # fmt: skip
    assert sees.profile.capabilities.supports_vision is True
    assert loaded.profile.capabilities.context_window == 4_096
    assert loaded.profile.capabilities.supports_tools is True
    assert loaded.proposal is not None and loaded.proposal.parameters is not None
    assert loaded.proposal.parameters.max_new_tokens == 2_048
    assert (embeds.proposal, embeds.reason) == (None, "it does not chat")


async def test_another_server_with_openai_s_list_is_found_as_such() -> None:
    body = {"object": "list", "data": [{"id": "m", "object": "model", "owned_by": "sglang", "max_model_len": 100}]}
    async with raw_server(answers({"/v1/models": body})) as server:
        found = only(await patiently(addresses=[server.url]))
    assert (found.server, found.models[0].profile.capabilities.context_window) == ("OpenAI-compatible", 100)


@pytest.mark.parametrize(
    "body",
    ["x", [], {}, {"object": "list"}, {"data": [{"owned_by": []}]}, {"models": [1, None]}, {"data": {"id": "m"}}],
)
async def test_what_is_no_list_of_models_is_no_server(body: Any) -> None:
    paths = ("/v1/models", "/api/v0/models")
    async with raw_server(answers(dict.fromkeys(paths, body))) as server:
        report = await patiently(addresses=[server.url])
    (problem,) = report.problems
    assert (report.providers, problem.kind, problem.address) == ((), "no_answer", server.url)


async def test_a_server_that_hangs_is_a_problem() -> None:
    async def hang(exchange: Exchange) -> None:
        await exchange.client_gone()

    async with raw_server(hang) as server:
        (problem,) = (await patiently(addresses=[server.url], timeout_seconds=1)).problems
    assert (problem.kind, problem.address) == ("no_answer", server.url)
    assert "does not answer" in problem.reason
    assert server.open_connections == 0


async def test_a_server_that_takes_its_time_holds_up_nobody() -> None:
    asked = asyncio.Event()

    async def wait_for_the_other(exchange: Exchange) -> None:
        await asked.wait()
        await exchange.answer(b"", "404 Not Found")

    async def count(exchange: Exchange) -> None:
        asked.set()
        await answers({"/v1/models": LLAMA_CPP})(exchange)

    async with raw_server(wait_for_the_other) as slow, raw_server(count) as server:
        report = await patiently(addresses=[slow.url, server.url])
    assert only(report).server == "llama.cpp"


async def test_a_server_that_lists_and_then_hangs_is_a_problem() -> None:
    listed = answers({"/v1/models": LLAMA_CPP})

    async def once(exchange: Exchange) -> None:
        seen = sum(b"/v1/models" in each.head for each in server.exchanges)
        await (listed(exchange) if seen <= 1 else exchange.client_gone())

    async with raw_server(once) as server:
        (problem,) = (await patiently(addresses=[server.url], timeout_seconds=1)).problems
    assert (problem.kind, problem.address) == ("no_answer", server.url)


async def test_where_nothing_listens_is_told_only_of_an_address_that_was_asked_for(
    free_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (problem,) = (await patiently(addresses=[free_address])).problems
    assert (problem.kind, problem.address) == ("no_answer", free_address)
    monkeypatch.setattr("core.llms.provider_config.discovery.discover.USUAL_ADDRESSES", (free_address,))
    assert (await patiently()).problems == ()


async def test_a_server_that_wants_a_key_says_so() -> None:
    async with Simulator(api_key="its-own") as sim:
        address = f"{sim.url}/openai-compatible"
        (problem,) = (await patiently(addresses=[address])).problems
    assert (problem.kind, problem.address) == ("wrong_key", address)


async def test_a_server_of_the_environment_is_looked_at_once_with_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Simulator(api_key="its-own") as sim:
        address = sim.environment()["OPENAI_COMPATIBLE_BASE_URL"]
        monkeypatch.setenv("OPENAI_COMPATIBLE_BASE_URL", address)
        monkeypatch.setenv("OPENAI_COMPATIBLE_API_KEY", "its-own")
        report = await patiently(addresses=[address.replace("127.0.0.1", "localhost")])
    found = only(report)
    assert report.problems == ()
    assert (found.server, found.variables) == (None, ("OPENAI_COMPATIBLE_API_KEY", "OPENAI_COMPATIBLE_BASE_URL"))
    assert {proposal.api_key_env for model in found.models if (proposal := model.proposal)} == {
        "OPENAI_COMPATIBLE_API_KEY"
    }


async def test_one_model_of_two_servers_is_proposed_once(sim: Simulator) -> None:
    address = f"{sim.url}/openai-compatible"
    async with raw_server(answers({"/v1/models": {"object": "list", "data": [{"id": "qwen3-8b"}]}})) as server:
        report = await patiently(addresses=[address, server.url])
    assert [each.model_id for each in report.proposals].count("qwen3-8b") == 1
    assert report.providers[1].models[0].reason == f"it is proposed at {address}/v1, and there can be one of a name"


def test_the_usual_addresses_are_this_machine_s() -> None:
    assert set(USUAL_ADDRESSES) == {f"http://127.0.0.1:{port}" for port in (11434, 8000, 1234, 8080)}
    assert all(map(is_loopback, USUAL_ADDRESSES))


def test_names_of_this_machine_are_one_place() -> None:
    names = ("http://localhost:8000/v1", "127.0.0.1:8000", "http://[::1]:8000/", "http://0.0.0.0:8000")
    assert len({place_of(name) for name in names}) == 1
    assert place_of("http://localhost:8001") != place_of(names[0])
    assert not is_loopback("http://gpu-box:8000")
    assert not is_loopback("http://127.0.0.1.example.com")


@pytest.mark.parametrize("address", ["http://", "ftp://x", "http://u:secret-canary@x", "http://x:99999", "http://[::1"])
async def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ConfigValidationError, match="`addresses`") as caught:
        await patiently(addresses=[address])
    assert "canary" not in str(caught.value)
