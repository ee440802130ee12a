"""Fixtures for tests of code that calls a model. Pytest loads this module in every project that has the package.

Nothing of the package is imported before a fixture is used, and pytest-asyncio is not needed: the simulator runs in
a thread of its own, so that synchronous and asynchronous tests use it alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.llms.simulator.server import Simulator

# A developer's own settings that would change the route or the credential of a simulated call.
_OVERRIDING_VARIABLES = (
    "AZURE_OPENAI_AD_TOKEN",
    "OPENAI_API_VERSION",
    "OPENAI_ORG_ID",
    "OPENAI_PROJECT_ID",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_CUSTOM_HEADERS",
    "ANTHROPIC_PROFILE",
    "GEMINI_API_KEY",
    "GOOGLE_GENAI_API_VERSION",
    "GOOGLE_GENAI_USE_ENTERPRISE",
    "GOOGLE_GENAI_USE_VERTEXAI",
    "AWS_BEARER_TOKEN_BEDROCK",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "GROQ_CUSTOM_HEADERS",
    "OLLAMA_API_KEY",
    "WATSONX_API_KEY",
    "WATSONX_API_BASE",
    "WATSONX_SPACE_ID",
    "WATSONX_DEPLOYMENT_SPACE_ID",
    "WATSONX_TOKEN",
    "WATSONX_USERNAME",
    "WATSONX_PASSWORD",
    "WATSONX_ZENAPIKEY",
)


@pytest.fixture
def llm_simulator_options() -> dict[str, Any]:
    """The options `llm_simulator` is started with; override it in a conftest or a test module."""
    return {}


@pytest.fixture
def llm_simulator(monkeypatch: pytest.MonkeyPatch, llm_simulator_options: dict[str, Any]) -> Iterator[Simulator]:
    """A started simulator; for the time of the test the environment variables of the vendors point at it."""
    from core.llms.simulator.server import Simulator

    with Simulator.in_thread(**llm_simulator_options) as simulator:
        for name in _OVERRIDING_VARIABLES:
            monkeypatch.delenv(name, raising=False)
        for name, value in simulator.environment().items():
            monkeypatch.setenv(name, value)
        yield simulator


@pytest.fixture(scope="session")
def llm_simulator_url() -> Iterator[str]:
    """The root address of one simulator shared by the whole session, for tests that only need something to call."""
    from core.llms.simulator.server import Simulator

    with Simulator.in_thread() as simulator:
        yield simulator.url
