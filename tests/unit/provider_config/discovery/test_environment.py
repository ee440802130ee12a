"""Providers that the environment has credentials for: found by their own variables, asked, told when one is wrong."""

from __future__ import annotations

import pytest

from core.llms import ConfigurationError
from core.llms.registry.current import default_provider_registry
from core.llms.simulator import Simulator
from tests.unit.provider_config.discovery.looking import models_of, only, patiently, point

CANARY = "invalid-canary-5f1d"


async def test_those_with_credentials_are_found_and_no_other(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    point(monkeypatch, sim, "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "OPENAI_API_KEY", "OPENAI_BASE_URL")
    point(
        monkeypatch,
        sim,
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_REGION",
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
        "AWS_ENDPOINT_URL_BEDROCK",
    )
    report = await patiently(addresses=())
    assert report.problems == ()
    assert [(each.provider, each.variables) for each in report.providers] == [
        ("anthropic", ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL")),
        ("bedrock", ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME")),
        ("openai", ("OPENAI_API_KEY", "OPENAI_BASE_URL")),
    ]
    assert {each.split("/")[1] for each in {request.path for request in sim.requests}} == {"anthropic", "bedrock", "v1"}


async def test_a_proposal_is_whole_and_refers_to_the_environment(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    point(monkeypatch, sim, "OPENAI_BASE_URL", OPENAI_API_KEY="sk-canary-77")
    report = await patiently(addresses=(), limit=1)
    (proposal,) = report.proposals
    assert proposal.model_dump(exclude_none=True, exclude={"parameters"}) == {
        "provider_name": "openai",
        "model_id": "gpt-6.1-sol",
        # The package's own aliases have the shorter name.
        "alias": "openai-gpt-6.1-sol",
        "description": "GPT-6.1 Sol",
        "api_key_env": "OPENAI_API_KEY",
        "settings": {},
        "is_active": True,
        "organisation": "default",
        "workspace": "default",
    }
    assert proposal.parameters is not None
    assert (proposal.parameters.name, proposal.parameters.neutral()) == ("openai/gpt-6.1-sol", {"max_tokens": 16384})
    assert "canary" not in repr(report)


async def test_flagships_and_what_is_newest_come_first_up_to_a_limit(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    point(monkeypatch, sim, "OPENAI_API_KEY", "OPENAI_BASE_URL")
    report = await patiently("openai", addresses=(), limit=4)
    assert [each.model_id for each in report.proposals] == ["gpt-6.1-sol", "gpt-6-luna", "gpt-6-sol", "gpt-6.1-terra"]
    models = models_of(only(report))
    assert models["gpt-6-astra"].reason == "4 others are proposed"
    assert models["gpt-4"].reason == "it was retired on 2026-10-23"
    assert models["text-embedding-3-small"].reason == "it does not chat"
    everything = await patiently("openai", addresses=(), limit=None)
    assert len({each.alias for each in everything.proposals}) == len(everything.proposals) > 10
    assert "text-embedding-3-small" not in {each.model_id for each in everything.proposals}
    assert (await patiently("openai", addresses=(), limit=0)).proposals == ()


async def test_a_wrong_key_is_a_problem_and_hides_nobody_else(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    point(monkeypatch, sim, "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", OPENAI_API_KEY=CANARY)
    report = await patiently(addresses=())
    assert [each.provider for each in report.providers] == ["anthropic"]
    (problem,) = report.problems
    assert (problem.provider, problem.kind, problem.variables[0]) == ("openai", "wrong_key", "OPENAI_API_KEY")
    assert "API key" in problem.reason
    assert CANARY not in repr(report)


async def test_a_setting_that_is_missing_besides_the_credential_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "k")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "k")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    azure, bedrock = (await patiently(addresses=())).problems
    assert (azure.provider, azure.kind) == ("azure", "incomplete")
    assert "AZURE_OPENAI_ENDPOINT" in azure.reason
    assert (bedrock.provider, bedrock.kind) == ("bedrock", "incomplete")
    assert "AWS_SECRET_ACCESS_KEY" in bedrock.reason


async def test_only_the_variable_that_is_used_is_named_as_the_key_s(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    point(monkeypatch, sim, "GOOGLE_GEMINI_BASE_URL", GEMINI_API_KEY="g", GOOGLE_API_KEY="h")
    (proposal,) = (await patiently("google", addresses=(), limit=1)).proposals
    assert proposal.api_key_env == "GOOGLE_API_KEY"
    point(monkeypatch, sim, "AZURE_OPENAI_ENDPOINT", AZURE_OPENAI_AD_TOKEN="t", AZURE_OPENAI_API_KEY="k")
    azure = only(await patiently("azure", addresses=()))
    assert azure.variables[:2] == ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN")
    assert {model.proposal for model in azure.models} == {None}
    assert {model.reason for model in azure.models} == {
        "what is listed is not what is called: register it with its deployment"
    }


async def test_a_key_may_be_in_another_variable(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    point(monkeypatch, sim, "OPENAI_BASE_URL", TEAM_KEY="sk-team")
    report = await patiently("openai", addresses=(), limit=1, api_key_env={"openai": "TEAM_KEY"})
    assert [each.api_key_env for each in report.proposals] == ["TEAM_KEY"]
    assert only(report).variables == ("TEAM_KEY", "OPENAI_BASE_URL")


async def test_a_provider_that_was_registered_is_found_by_its_own_variable(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = default_provider_registry()
    registry.register_provider(
        "our_gateway",
        api_base=f"{sim.url}/openai-compatible/v1",
        key_variables=("GATEWAY_KEY",),
        compatible_with="openai_compatible",
    )
    try:
        assert (await patiently(addresses=())).providers == ()
        monkeypatch.setenv("GATEWAY_KEY", "ours")
        found = only(await patiently(addresses=(), limit=None))
    finally:
        registry.unregister_provider("our_gateway")
    assert (found.provider, found.variables) == ("our_gateway", ("GATEWAY_KEY",))
    # Its factory reads the variable itself, and knows the address.
    proposals = [model.proposal for model in found.models if model.proposal is not None]
    assert [(each.model_id, each.base_url) for each in proposals] == [("plain-chat", None), ("qwen3-8b", None)]
    assert sim.requests[-1].headers["authorization"]


async def test_nothing_is_found_where_nothing_is() -> None:
    report = await patiently(addresses=())
    assert (report.providers, report.problems, report.proposals, report.vanished) == ((), (), (), ())


async def test_a_provider_that_is_named_says_what_it_lacks() -> None:
    (problem,) = (await patiently(["openai", "anthropic"], addresses=())).problems[:1]
    assert (problem.kind, problem.provider) == ("incomplete", "openai")
    assert "OPENAI_API_KEY" in problem.reason
    with pytest.raises(ConfigurationError, match="did you mean 'openai'"):
        await patiently("opnai")


async def test_local_only_asks_servers_of_this_machine_alone(monkeypatch: pytest.MonkeyPatch, sim: Simulator) -> None:
    point(monkeypatch, sim, "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "OLLAMA_HOST")
    # Asked, an address that there is not would be a problem of the report.
    point(monkeypatch, sim, OPENAI_COMPATIBLE_BASE_URL="http://models.invalid/v1")
    assert [each.provider for each in (await patiently(addresses=())).problems] == ["openai_compatible"]
    sim.requests.clear()
    report = await patiently(addresses=(), local_only=True)
    assert ([each.provider for each in report.providers], report.problems) == (["ollama"], ())
    assert {request.path.split("/")[1] for request in sim.requests} == {"ollama"}
