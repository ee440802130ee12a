"""What every provider does alike: how its LLM is made, what it refuses, and what goes back and forth.

The providers are the folders of `core/llms/providers`; what the tests have to know of each is its row.
"""

from __future__ import annotations

import json
import warnings
from typing import Any
from uuid import uuid4

import pytest

from core.llms import (
    BaseLLM,
    Capability,
    ConfigurationError,
    InvalidRequestError,
    LLMResponse,
    MissingCredentialError,
    UnknownModelWarning,
    UnsupportedCapabilityError,
    UnsupportedParameterError,
    UserMessage,
    create_llm,
)
from core.llms.types.parameters import ALL_PARAMS
from tests.contract.provider_rows import (
    CANARY,
    EVERY_PROVIDER,
    EVERY_WIRE,
    NOWHERE,
    PROVIDERS,
    ProviderRow,
    answering,
    load_row,
    vendor,
)

pytestmark = pytest.mark.usefixtures("bare_environment")


@EVERY_PROVIDER
def test_provider_has_a_whole_row(provider: str) -> None:
    row = load_row(provider)
    assert row.provider == provider
    assert all((row.model, row.replies, row.key_variables, row.address_variable, row.credentials))


def test_every_row_is_of_a_provider() -> None:
    import pkgutil

    import tests.contract.providers as rows

    assert [module.name for module in pkgutil.iter_modules(rows.__path__) if module.name not in PROVIDERS] == []


@EVERY_PROVIDER
def test_both_factories_make_the_same_llm(row: ProviderRow) -> None:
    arguments = row.arguments(NOWHERE)
    first, second = row.factory(row.model, **arguments), create_llm(f"{row.provider}/{row.model}", **arguments)
    assert isinstance(first, BaseLLM)
    assert type(first) is type(second)
    assert row.provider == first.PROVIDER == second.PROVIDER == first.connector.PROVIDER == first.metadata.PROVIDER
    assert first.model == second.model
    assert first.model.endswith(row.model)


@EVERY_PROVIDER
def test_catalogue_s_name_makes_the_same_llm(row: ProviderRow) -> None:
    named = row.create(NOWHERE, f"{row.provider}-{row.model}")
    assert named.model == (row.create(NOWHERE).model if row.rooms else f"{row.provider}-{row.model}")


@EVERY_WIRE
async def test_answer_is_whole(row: ProviderRow, wire: str) -> None:
    async with (
        vendor(row, answering(row.replies[wire].answer)) as server,
        row.create(server.url, wire=wire) as llm,
    ):
        response = await llm.get_answer("Hi", max_tokens=100)
    assert_hello(row, llm, response)
    assert response.warnings == ()


def assert_hello(row: ProviderRow, llm: BaseLLM, response: LLMResponse) -> None:
    assert response.text == "Hello"
    assert response.finish_reason.unified == "stop"
    assert (response.usage.input_tokens, response.usage.output_tokens) == (10, 5)
    assert response.provider == row.provider
    assert [attempt.outcome for attempt in response.attempts] == ["ok"]
    assert (response.cost is None) == (llm.metadata.PRICES is None)


@EVERY_PROVIDER
def test_wire_that_it_does_not_speak_is_refused(row: ProviderRow) -> None:
    with pytest.raises(ConfigurationError, match="`wire` must be "):
        row.create(NOWHERE, wire="telegraph")


@EVERY_PROVIDER
async def test_missing_credential_names_every_variable(row: ProviderRow) -> None:
    async with vendor(row, answering(next(iter(row.replies.values())).answer)) as server:
        arguments = row.place(server.url)
        if not row.needs_key:
            async with row.factory(row.model, **arguments) as llm:
                assert (await llm.get_answer("Hi")).text == "Hello"
            assert b"authorization" not in server.exchanges[0].head.lower()
            return
        with pytest.raises(MissingCredentialError) as caught:
            async with row.factory(row.model, **arguments) as llm:
                await llm.get_answer("Hi")
        assert server.exchanges == []
    assert caught.value.provider == row.provider
    names = " ".join(row.key_variables).split()
    assert [name for name in names if name not in str(caught.value)] == []


@EVERY_PROVIDER
async def test_each_variable_is_credential_enough(row: ProviderRow, monkeypatch: pytest.MonkeyPatch) -> None:
    async with vendor(row, answering(next(iter(row.replies.values())).answer)) as server:
        for names in row.key_variables:
            with monkeypatch.context() as only:
                for name in names.split():
                    only.setenv(name, CANARY)
                async with row.factory(row.model, **row.place(server.url)) as llm:
                    assert (await llm.get_answer("Hi")).text == "Hello"
            assert CANARY.encode() in server.exchanges[-1].head or " " in names


@EVERY_PROVIDER
async def test_variable_holds_the_address(row: ProviderRow, monkeypatch: pytest.MonkeyPatch) -> None:
    async with vendor(row, answering(next(iter(row.replies.values())).answer)) as server:
        monkeypatch.setenv(row.address_variable, server.url)
        arguments = row.arguments(server.url)
        del arguments["base_url"]
        async with row.factory(row.model, **arguments) as llm:
            assert (await llm.get_answer("Hi")).text == "Hello"
        assert len(server.exchanges) == 1


@EVERY_PROVIDER
async def test_unknown_model_is_called_as_asked(row: ProviderRow) -> None:
    model = f"a-model-of-tomorrow-{uuid4()}"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        llms = [row.factory(model, **row.arguments(NOWHERE)) for _ in range(2)]
    expected = [UnknownModelWarning] if row.rooms else []
    assert [warning.category for warning in caught] == expected
    assert all(model in str(warning.message) and warning.filename == __file__ for warning in caught)
    async with (
        vendor(row, answering(row.replies_for(llms[0]).answer)) as server,
        row.create(server.url, model) as llm,
    ):
        response = await llm.get_answer("Hi", max_tokens=100)
    sent = server.exchanges[0]
    assert model.encode() in sent.head + sent.body
    assert response.text == "Hello"
    assert response.cost is None
    assert response.cost_unknown_reason


def unsupported_parameter(llm: BaseLLM) -> str:
    """A parameter that the model does not take; where all are taken, a name that is none."""
    supported = llm.metadata.SUPPORTED_PARAMS
    refused = sorted(ALL_PARAMS - (ALL_PARAMS if supported is None else supported))
    return refused[0] if refused else "temprature"


@EVERY_PROVIDER
async def test_unsupported_parameter_is_refused_before_anything_is_sent(row: ProviderRow) -> None:
    answer = answering(next(iter(row.replies.values())).answer)
    async with vendor(row, answer) as server, row.create(server.url) as llm:
        name = unsupported_parameter(llm)
        options: dict[str, Any] = {name: 0.5}
        for refused in (llm.get_answer("Hi", **options), llm.stream_answer("Hi", **options).get_response()):
            with pytest.raises(UnsupportedParameterError, match=f"`{name}` is not supported") as caught:
                await refused
            supported = llm.metadata.SUPPORTED_PARAMS or ALL_PARAMS
            assert [known for known in supported if known not in str(caught.value)] == []
            assert (caught.value.provider, caught.value.model) == (row.provider, llm.metadata.MODEL_ID)
        assert server.exchanges == []
        response = await llm.get_answer("Hi", on_unsupported="drop", **options)
        assert response.text == "Hello"
        assert [name in warning for warning in response.warnings] == [True]
        assert f'"{name}"'.encode() not in server.exchanges[0].body


@EVERY_PROVIDER
def test_misspelt_argument_is_refused_with_a_suggestion(row: ProviderRow) -> None:
    for wrong, meant in {"base_ulr": "base_url", "tiemouts": "timeouts", "on_unsuported": "on_unsupported"}.items():
        with pytest.raises(ConfigurationError, match=f"'{wrong}'; did you mean '{meant}'"):
            row.factory(row.model, **row.arguments(NOWHERE), **{wrong: "x"})
        with pytest.raises(ConfigurationError, match=f"did you mean '{meant}'"):
            row.factory(row.model, **{wrong: "x"})
    with pytest.raises(ConfigurationError, match=r"'temperature'.*goes into `defaults="):
        row.create(NOWHERE, temperature=0.5)


@EVERY_PROVIDER
def test_misspelt_setting_of_a_connector_is_refused_with_a_suggestion(row: ProviderRow) -> None:
    connector: Any = type(row.create(NOWHERE).connector)
    with pytest.raises(ConfigurationError, match="'base_ulr'; did you mean 'base_url'"):
        connector({**row.arguments(NOWHERE), "base_ulr": NOWHERE})


@EVERY_WIRE
async def test_message_goes_back_without_loss(row: ProviderRow, wire: str) -> None:
    async with (
        vendor(row, answering(row.replies[wire].answer)) as server,
        row.create(server.url, wire=wire) as llm,
    ):
        response = await llm.get_answer("Hi")
        conversation = (UserMessage("Hi"), response.message, UserMessage("Go on."))
        if not row.replies[wire].takes_turns:
            with pytest.raises(InvalidRequestError, match="takes one user message"):
                await llm.get_answer(conversation)
            assert len(server.exchanges) == 1
            return
        again = await llm.get_answer(conversation)
    assert again.text == "Hello"
    assert again.message == response.message
    body = server.exchanges[1].body
    assert body.index(b'"Hi"') < body.index(b'"Hello"') < body.index(b'"Go on."')


def get_weather(city: str) -> str:
    """Say what the weather in a city is now."""
    return f"18 degrees in {city}"


@EVERY_WIRE
async def test_call_goes_back_with_its_result(row: ProviderRow, wire: str) -> None:
    replies = row.replies[wire]
    async with (
        vendor(row, answering(replies.call, replies.answer)) as server,
        row.create(server.url, wire=wire) as llm,
    ):
        if llm.metadata.supports(Capability.TOOLS) is False:
            with pytest.raises(UnsupportedCapabilityError, match="does not take tools"):
                await llm.run_tools("Weather?", tools=[get_weather])
            assert server.exchanges == []
            return
        if not replies.takes_turns:
            with pytest.raises(InvalidRequestError, match="neither tools"):
                await llm.run_tools("Weather?", tools=[get_weather])
            assert server.exchanges == []
            return
        run = await llm.run_tools("Weather?", tools=[get_weather])
    assert run.text == "Hello"
    offered, body = (json.loads(exchange.body) for exchange in server.exchanges)
    assert "get_weather" in json.dumps(offered["tools"] if "tools" in offered else offered["toolConfig"])
    sent = json.dumps(body)
    assert sent.index("Weather?") < sent.index("18 degrees in Oslo")
    assert sent.count("Oslo") == 2
