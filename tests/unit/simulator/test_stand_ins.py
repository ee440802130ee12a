"""Models that answer for others in the simulator."""

from __future__ import annotations

import pytest

from core.llms import NotFoundError, create_llm
from core.llms.simulator import Simulator
from core.llms.simulator.stand_ins import replace_model

RETIRED, SERVED = "mixtral-8x7b-32768", "llama-3.3-70b-versatile"


@pytest.mark.filterwarnings("default:.* was retired on:UserWarning")
async def test_a_stand_in_answers_for_a_retired_model() -> None:
    async with Simulator(stand_ins={RETIRED: SERVED}) as simulator, Simulator() as strict:
        for server, answers in ((simulator, True), (strict, False)):
            async with create_llm(f"groq/{RETIRED}", api_key="k", base_url=server.base_url("groq")) as llm:
                if answers:
                    response = await llm.get_answer("Say: hello.")
                    assert (response.text, response.model) == ("hello.", SERVED)
                    assert server.requests[-1].body["model"] == RETIRED
                else:
                    with pytest.raises(NotFoundError):
                        await llm.get_answer("Say: hello.")


@pytest.mark.parametrize(
    "body",
    [b"", b"not JSON, but a", b'["a"]', b'{"model": "b", "prompt": "a"}', b'{"prompt": "model a"}'],
)
def test_what_names_no_model_with_a_stand_in_stays_as_it_is(body: bytes) -> None:
    assert replace_model(body, {"a": "b"}) is body
    assert replace_model(body, {}) is body


@pytest.mark.parametrize("field", ["model", "model_id", "modelId"])
def test_the_model_is_replaced_under_each_of_its_names(field: str) -> None:
    body = f'{{"{field}":"a","prompt":"é a"}}'.encode()

    assert replace_model(body, {"a": "b"}) == f'{{"{field}":"b","prompt":"é a"}}'.encode()
