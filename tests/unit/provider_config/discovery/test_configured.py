"""Discovery beside what is configured, on each database: marked, left out, vanished, and registered."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.provider_config.access.operations import Scope
from core.llms.provider_config.discovery.applying import apply
from core.llms.provider_config.errors import AccessDeniedError, ConfigExistsError, VerificationError
from core.llms.provider_config.factory import ProviderFactory
from core.llms.provider_config.schemas import LLMParametersCreate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.simulator import Simulator
from tests.unit.provider_config.discovery.looking import models_of, only, patiently, point


async def register(service: ProviderConfigService, provider: str, model: str, **fields: Any) -> None:
    parameters = LLMParametersCreate(name=fields.pop("parameters", f"own of {provider}/{model}"))
    await service.register_provider_model(provider, model, parameters, verify=False, **fields)


async def test_what_was_proposed_is_registered_verified_and_answers(
    service: ProviderConfigService, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    point(monkeypatch, sim, "OPENAI_API_KEY", "OPENAI_BASE_URL")
    addresses = [f"{sim.url}/ollama", f"{sim.url}/openai-compatible"]
    report = await patiently(service=service, addresses=addresses, limit=1)
    assert [each.provider_name for each in report.proposals] == ["openai", "ollama", "openai_compatible"]
    for done in await apply(service, report.proposals):
        assert done.error is None and done.config is not None
        assert (done.config.is_active, done.config.is_verified) == (True, True)
        assert done.config.unsupported_parameters == ()
        sim.requests.clear()
        names = done.config.provider_name, done.config.model_id
        async with await ProviderFactory(service).create_provider(*names) as llm:
            assert (await llm.get_answer("Say: hello.")).text == "hello."
        assert sim.requests[-1].body["model"] == done.config.model_id
    again = await patiently(service=service, addresses=addresses, limit=1)
    configured = [model for each in again.providers for model in each.models if model.config is not None]
    assert {model.reason for model in configured} == {"it is configured"}
    assert [model.model for model in configured] == [each.model_id for each in report.proposals]
    assert not {each.model_id for each in again.proposals} & {each.model_id for each in report.proposals}


async def test_names_that_are_taken_are_not_proposed(service: ProviderConfigService, sim: Simulator) -> None:
    await register(service, "openai", "gpt-4.1-mini", alias="qwen3-8b", parameters="openai_compatible/qwen3-8b")
    report = await patiently(service=service, addresses=[f"{sim.url}/openai-compatible"])
    proposal = models_of(only(report))["qwen3-8b"].proposal
    assert proposal is not None and proposal.parameters is not None
    assert proposal.alias == "openai_compatible-qwen3-8b"
    assert proposal.parameters.name == "openai_compatible/qwen3-8b-2"
    (done,) = await apply(service, [proposal])
    assert done.error is None


async def test_models_that_vanished_are_told(service: ProviderConfigService, sim: Simulator) -> None:
    ollama = f"{sim.url}/ollama"
    for model in ("qwen3", "gemma3:4b", "mine:latest"):
        await register(service, "ollama", model, base_url=ollama)
    # It is at another address, of which nothing was asked.
    await register(service, "ollama", "elsewhere", base_url="http://gpu-box:11434")
    report = await patiently("ollama", service=service, addresses=[ollama])
    assert [config.model_id for config in report.vanished] == ["mine:latest"]
    models = models_of(only(report))
    # A tag that is left out is `latest`.
    assert models["qwen3:latest"].config is not None and models["qwen3:latest"].config.model_id == "qwen3"


async def test_a_model_that_is_configured_elsewhere_is_not_proposed_again(
    service: ProviderConfigService, sim: Simulator
) -> None:
    await register(service, "openai_compatible", "qwen3-8b", base_url="http://gpu-box:8000/v1")
    report = await patiently(service=service, addresses=[f"{sim.url}/openai-compatible"])
    model = models_of(only(report))["qwen3-8b"]
    assert (model.proposal, model.reason) == (None, "it is configured, for calls to http://gpu-box:8000/v1")
    assert report.vanished == ()


async def test_nothing_has_vanished_where_the_list_is_not_known(
    service: ProviderConfigService, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    point(monkeypatch, sim, "OPENAI_BASE_URL", OPENAI_API_KEY="invalid")
    point(monkeypatch, sim, "AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY")
    await register(service, "openai", "gpt-5-search-api")
    await register(service, "azure", "computer-use-preview", settings={"deployment_name": "ours"})
    assert (await patiently(service=service, addresses=())).vanished == ()
    point(monkeypatch, sim, OPENAI_API_KEY="right")
    assert [config.provider_name for config in (await patiently(service=service, addresses=())).vanished] == ["openai"]


async def test_one_that_fails_does_not_keep_the_others_from_it(service: ProviderConfigService, sim: Simulator) -> None:
    report = await patiently("ollama", service=service, addresses=[f"{sim.url}/ollama"], limit=3)
    first, second, third = report.proposals
    await register(service, "openai", "gpt-4.1-mini", alias=second.alias)
    gone = first.model_copy(update={"base_url": f"{sim.url}/nothing"})
    done = await apply(service, [gone, second, third])
    assert [type(each.error) for each in done] == [VerificationError, ConfigExistsError, type(None)]
    assert done[0].config is not None and not done[0].config.is_active
    assert (done[1].config, await service.get_provider_model("ollama", second.model_id)) == (None, None)
    assert done[2].config is not None and done[2].config.is_verified


async def test_without_a_right_to_register_nothing_is_registered(
    service: ProviderConfigService, sim: Simulator
) -> None:
    await register(service, "ollama", "gemma3:4b", base_url=f"{sim.url}/ollama", workspace="other")
    await service.access.grant("vera", "viewer", Scope("default", "default"))
    report = await patiently("ollama", service=service, addresses=[f"{sim.url}/ollama"], limit=1, actor="vera")
    # What it may not see it is not told.
    assert [model for model in only(report).models if model.config is not None] == []
    (done,) = await apply(service, report.proposals, actor="vera")
    assert isinstance(done.error, AccessDeniedError)
    assert (await service.list_providers(provider="ollama")).total_providers == 1
    assert len((await service.list_providers(provider="ollama")).providers) == 1
