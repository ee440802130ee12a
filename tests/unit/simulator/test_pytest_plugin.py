"""The fixtures users get, and how little the package loads before they are used."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import openai
import pytest

from core.llms.simulator import Simulator

HEAVY = ("aiohttp", "tiktoken", "pydantic", "PIL", "openai", "core.llms.simulator.server")


@pytest.fixture
def llm_simulator_options() -> dict[str, Any]:
    return {"api_key": "sk-from-options"}


def test_fixture_points_the_environment_at_the_simulator(llm_simulator: Simulator) -> None:
    assert os.environ["OPENAI_BASE_URL"] == llm_simulator.openai_base_url
    assert os.environ["OPENAI_API_KEY"] == "sk-from-options"
    assert os.environ["AZURE_OPENAI_ENDPOINT"] == llm_simulator.azure_endpoint
    with openai.OpenAI() as client:
        completion = client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "Say: hi"}])
    assert completion.choices[0].message.content == "hi"


@pytest.fixture
def own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "ANTHROPIC_AUTH_TOKEN",
        "GEMINI_API_KEY",
        "GOOGLE_GENAI_USE_VERTEXAI",
        "AZURE_OPENAI_AD_TOKEN",
        "AWS_BEARER_TOKEN_BEDROCK",
        "AWS_PROFILE",
        "AWS_SESSION_TOKEN",
    ):
        monkeypatch.setenv(name, "mine")


def test_fixture_hides_settings_that_would_change_the_route(own_settings: None, llm_simulator: Simulator) -> None:
    assert not {name for name, value in os.environ.items() if value == "mine"}
    assert os.environ["ANTHROPIC_BASE_URL"] == llm_simulator.anthropic_base_url
    assert os.environ["GOOGLE_API_KEY"] == "sk-from-options"
    assert os.environ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] == llm_simulator.bedrock_base_url


async def test_fixture_serves_async_tests_too(llm_simulator: Simulator) -> None:
    llm_simulator.script("from a script")
    async with openai.AsyncOpenAI() as client:
        completion = await client.chat.completions.create(
            model="gpt-4o", messages=[{"role": "user", "content": "Hello!"}]
        )
    assert completion.choices[0].message.content == "from a script"
    assert llm_simulator.requests[-1].path == "/v1/chat/completions"


def test_session_address_answers(llm_simulator_url: str) -> None:
    with openai.OpenAI(base_url=f"{llm_simulator_url}/v1", api_key="sk-any") as client:
        assert client.models.retrieve("gpt-4o").id == "gpt-4o"


def test_environment_is_untouched_without_the_fixture() -> None:
    assert "127.0.0.1" not in os.environ.get("OPENAI_BASE_URL", "")


@pytest.mark.parametrize("module", ["core.llms.simulator", "core.llms.simulator.pytest_plugin"])
def test_import_loads_nothing_heavy(module: str) -> None:
    script = f"import sys, {module}; print([name for name in {HEAVY!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_public_names_are_those_announced() -> None:
    import core.llms.simulator as package

    assert sorted(package.__all__) == ["Fault", "RecordedRequest", "Reply", "ScriptedToolCall", "Simulator"]
    assert all(getattr(package, name) for name in package.__all__)
    with pytest.raises(AttributeError):
        package.Nothing  # noqa: B018  # the access is the test
