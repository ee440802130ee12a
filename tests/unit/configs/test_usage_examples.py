"""A framework of configurations as a user would write it, and the same classes over this package's own."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.handlers.base_handler import ModelHandler
from core.llms.notices import RetiredModelWarning
from core.llms.simulator import Simulator
from tests.support.retired import STAND_INS

pytestmark = pytest.mark.usefixtures("own_aliases")


@pytest.fixture
def llm_simulator_options() -> dict[str, Any]:
    return {"stand_ins": STAND_INS}


def test_a_framework_of_the_user_s_own_runs(llm_simulator: Simulator) -> None:
    from tests.unit.configs.own_framework import CONFIG_REGISTRY, create_groq_model

    # Usage
    custom_model = create_groq_model("mixtral-8x7b", temperature=0.9)

    with pytest.warns(RetiredModelWarning), custom_model.caller_class()(custom_model.get_params()) as caller:
        assert caller.call_llm("Say: hello.") == "hello."
    with ModelHandler(CONFIG_REGISTRY) as handler:
        assert handler.list_available_models() == ["mixtral-8x7b"]
        assert handler.get_response("mixtral-8x7b", "Say: hello.") == "hello."
    assert [request.body for request in llm_simulator.requests] == [
        {
            "model": "mixtral-8x7b-32768",
            "messages": [
                {"role": "system", "content": "You are a helpful assistant."},
                {"role": "user", "content": "Say: hello."},
            ],
            "temperature": temperature,
            "max_completion_tokens": 32768,
            "top_p": 1.0,
        }
        for temperature in (0.9, 0.7)
    ]


def test_a_provider_s_base_and_a_model_of_it_over_the_package_s_base(llm_simulator: Simulator) -> None:
    from core.llms.configs import CONFIG_REGISTRY, BaseModelConfig, register_config
    from tests.unit.configs.own_framework import define_groq_base

    GroqBaseConfig: Any = define_groq_base(BaseModelConfig)

    @register_config
    class LlamaThreeSeventyBConfig(GroqBaseConfig):  # type: ignore[misc]  # see `define_groq_base`
        @classmethod
        def alias(cls) -> str:
            return "llama3-70b"

        def __init__(self) -> None:
            super().__init__()
            self.model = "llama3-70b-8192"
            self.max_tokens = 8192

    assert CONFIG_REGISTRY["llama3-70b"] is LlamaThreeSeventyBConfig
    with pytest.warns(RetiredModelWarning), ModelHandler() as handler:
        assert handler.get_response("llama3-70b", "Say: hello.") == "hello."
    assert llm_simulator.requests[-1].body["max_completion_tokens"] == 8192


def test_factory_function_of_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.llms.configs.groq import GroqBaseConfig, MixtralEightXSevenBConfig, create_groq_model

    monkeypatch.setenv("GROQ_API_KEY", "gsk_a")
    with pytest.warns(RetiredModelWarning, match="retired on 2025-03-20; use openai/gpt-oss-20b"):
        custom_model = create_groq_model("mixtral-8x7b", temperature=0.9)

    assert isinstance(custom_model, MixtralEightXSevenBConfig | GroqBaseConfig)
    params = custom_model.get_params()
    assert params.pop("api_key").get_secret_value() == "gsk_a"
    assert params == {
        "model": "mixtral-8x7b-32768",
        "temperature": 0.9,
        "max_tokens": 32768,
        "top_p": 1.0,
        "frequency_penalty": 0.0,
        "presence_penalty": 0.0,
        "system_message": "You are a helpful assistant.",
        "stream": False,
        "stop": None,
    }
