"""What a user of the handler writes first, as they would write it."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.notices import RetiredModelWarning
from core.llms.simulator import Simulator
from tests.support.retired import STAND_INS

OF_OLD = {
    "mixtral-8x7b", "llama3-8b", "llama3-70b", "gemma2-9b", "c3opus", "qwen-coder-32b", "granite-13b", "gpt-4",
}  # fmt: skip


@pytest.fixture
def llm_simulator_options() -> dict[str, Any]:
    return {"stand_ins": STAND_INS}


def test_basic_usage(llm_simulator: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    from core.llms.handlers.base_handler import ModelHandler

    # Create a handler
    handler = ModelHandler()

    # List all available models
    available_models = handler.list_available_models()
    print(f"Available models: {available_models}")

    # Get a response from a specific model
    response = handler.get_response("mixtral-8x7b", "Explain quantum computing in simple terms.")
    print(response)

    handler.close()
    assert set(available_models) > OF_OLD
    assert type(response) is str
    assert "quantum computing" in response
    assert capsys.readouterr().out.endswith(f"{response}\n")


def test_several_models(llm_simulator: Simulator) -> None:
    from core.llms.handlers.base_handler import ModelHandler

    # Using multiple models for different tasks
    handler = ModelHandler()

    # Use a smaller, faster model for a simple query
    quick_response = handler.get_response("llama3-8b", "What is the capital of France?")

    # Use a more powerful model for a complex reasoning task
    detailed_response = handler.get_response(
        "c3opus", "Explain the implications of quantum computing for cryptography."
    )

    # Use a specialized coding model for code generation
    code_response = handler.get_response(
        "qwen-coder-32b", "Write a Python function to find prime numbers using the Sieve of Eratosthenes."
    )

    handler.close()
    assert all((quick_response, detailed_response, code_response))
    assert [request.body["model"] for request in llm_simulator.requests] == [
        "llama3-8b-8192",
        "claude-3-opus-20240229",
        "Qwen/Qwen2.5-Coder-32B-Instruct",
    ]


@pytest.mark.parametrize("alias", sorted(OF_OLD))
def test_every_alias_of_old_answers(alias: str, llm_simulator: Simulator) -> None:
    from core.llms.handlers.base_handler import ModelHandler

    with ModelHandler() as handler:
        response = handler.get_full_response(alias, "Say: hello.")

    assert response.text == "hello."
    assert response.finish_reason.unified == "stop"
    assert response.warnings == ()


@pytest.mark.parametrize("method", ["get_response", "get_full_response", "stream_response"])
def test_a_retired_model_warns_at_the_line_that_asks_for_it(method: str, llm_simulator: Simulator) -> None:
    from core.llms.handlers.base_handler import ModelHandler

    with ModelHandler() as handler, pytest.warns(RetiredModelWarning, match="use openai/gpt-oss-20b") as caught:
        getattr(handler, method)("mixtral-8x7b", "Hi")

    assert [warning.filename for warning in caught] == [__file__]


def test_an_alias_that_nobody_registered_is_a_value_error() -> None:
    from core.llms.handlers.base_handler import ModelHandler

    with (
        ModelHandler() as handler,
        pytest.raises(
            ValueError, match=r"^No configuration found for alias 'mixtral-8x7'; did you mean 'mixtral-8x7b'"
        ),
    ):
        handler.get_response("mixtral-8x7", "Hi")
