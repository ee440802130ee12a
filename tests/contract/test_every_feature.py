"""What `core-llms providers` says of every provider holds: each yes goes out, each no is refused before it does."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from decimal import Decimal
from functools import cache
from typing import Any, Final

import pytest

from core.llms import (
    AudioPart,
    BaseLLM,
    CachePoint,
    FilePart,
    ImagePart,
    TextPart,
    UnsupportedCapabilityError,
    UnsupportedParameterError,
    UserMessage,
)
from core.llms.features import FEATURES, Answer, ProviderFeatures, find_features
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.types.content import ReasoningPart, ToolCall
from core.llms.types.messages import AssistantMessage, Message, ToolMessage
from core.llms.types.tools import Tool
from tests.contract.provider_rows import EVERY_PROVIDER, PROVIDERS, ProviderRow, answering, load_row, vendor
from tests.support.raw_server import Exchange, Handler
from tests.support.sounds import sound
from tests.unit.simulator.pictures import picture

pytestmark = pytest.mark.usefixtures("bare_environment")
LOOK: Final = Tool("look", "Looks.")
PDF: Final = FilePart(data=b"%PDF-1.4\n%%EOF", filename="a.pdf", media_type="application/pdf")
CITED: Final = FilePart(data=b"Text.", filename="a.txt", media_type="text/plain", citations=True)
# A hint that is not taken changes no answer's meaning: it is left out with a warning, not refused.
HINTS: Final = ("citations", "cache_points")
# What no request asks for: a no means that nothing of it comes, or goes.
NOT_ASKED: Final = ("reasoning_returns", "parallel_tools", "reported_cost")


def ask(*content: Any, **options: Any) -> Callable[[BaseLLM], Awaitable[Any]]:
    return lambda llm: llm.get_answer([UserMessage((TextPart("Hi"), *content))], **options)


async def document(llm: BaseLLM) -> Any:
    try:
        return await ask(PDF)(llm)
    except UnsupportedCapabilityError:
        raise
    except ValueError:
        return await ask(FilePart(data=b"Text.", filename="a.txt", media_type="text/plain"))(llm)


async def think_again(llm: BaseLLM) -> Any:
    origin = getattr(getattr(llm.wire, "dialect", None), "origin", llm.wire.name)
    thought = ReasoningPart("It seems so.", "c2VhbGVk", id="rs_1", origin=origin)
    call = ToolCall("call00001", "look", {}, "{}", item_id="call00001", signature="c2VhbGVk", origin=origin)
    told: list[Message] = [UserMessage("Hi"), AssistantMessage((thought, call)), ToolMessage("rain", "call00001")]
    return await llm.get_answer(told, tools=[LOOK])


CALLS: Final[dict[str, Callable[[BaseLLM], Awaitable[Any]]]] = {
    "streaming": lambda llm: llm.stream_answer("Hi").get_response(),
    "images": ask(ImagePart(data=picture(4, 4))),
    "documents": document,
    "citations": ask(CITED),
    "sound": ask(AudioPart(data=sound(0.1), format="wav")),
    "cache_points": ask(CachePoint()),
    "tools": ask(tools=[LOOK]),
    "parallel_tools": ask(tools=[LOOK]),
    "tool_choice": ask(tools=[LOOK], tool_choice="required"),
    "typed_answers": ask(response_model=dict[str, int], output_retries=0),
    "reasoning": lambda llm: llm.get_answer("Hi", reasoning_effort=(llm.metadata.REASONING_EFFORTS or ("high",))[-1]),
    "reasoning_returns": think_again,
    "stop": ask(stop=["END"]),
    "seed": ask(seed=7),
    "embeddings": lambda llm: llm.embed("Hi", input_type="query" if llm.PROVIDER == "cohere" else None),
    "models": lambda llm: llm.list_models(),
    "token_count": lambda llm: llm.count_tokens("Hi", exact=True),
    "reported_cost": ask(),
}


@cache
def features_of(provider: str) -> ProviderFeatures:
    return find_features(provider)


def said(*answers: bool | None) -> pytest.MarkDecorator:
    pairs = [
        (provider, name)
        for provider in PROVIDERS
        for name, answer in features_of(provider).answers.items()
        if answer.able in answers
    ]
    return pytest.mark.parametrize(("provider", "feature"), pairs)


def test_every_feature_is_called() -> None:
    assert list(CALLS) == [feature.name for feature in FEATURES]


@EVERY_PROVIDER
def test_variables_and_wires_are_the_row_s(row: ProviderRow) -> None:
    found = features_of(row.provider)
    assert tuple(" ".join(names) for names in found.credential_variables) == row.key_variables
    assert found.address_variables[0] == row.address_variable
    assert (found.needs_credential, found.lists_models) == (row.needs_key, bool(row.rooms))
    assert set(found.wires) == set(row.replies)
    assert found.display_name != row.provider


class Unlisted(BaseMetadata):
    NAME = "unlisted"


def able_llm(row: ProviderRow, answer: Answer, url: str) -> BaseLLM:
    """A model that has the feature; where it is up to one that is not listed, such a one."""
    options: dict[str, Any] = {} if answer.wire is None else {"wire": answer.wire}
    if answer.able is None and row.rooms:
        options["metadata"] = Unlisted
    return row.create(url, answer.model, **options)


@said(True, None)
async def test_feature_goes_out(row: ProviderRow, feature: str) -> None:
    answer = features_of(row.provider).answers[feature]
    sent: list[Exchange] = []
    replies = row.replies_for(able_llm(row, answer, "http://127.0.0.1:9"))
    whole = answering(replies.answer)

    async def keep(exchange: Exchange) -> None:
        sent.append(exchange)
        await whole(exchange)

    async with vendor(row, keep) as server, able_llm(row, answer, server.url) as llm:
        try:
            await CALLS[feature](llm)
        except (UnsupportedCapabilityError, UnsupportedParameterError) as error:
            pytest.fail(f"said to be possible, and refused: {error}")
        except Exception:  # noqa: BLE001 - an answer that says "Hello" is no vector, list, count or object
            assert feature in ("embeddings", "models", "token_count", "typed_answers")
    assert sent
    if feature == "reasoning_returns":
        assert b"It seems so." in sent[0].body or b"c2VhbGVk" in sent[0].body


@said(False)
async def test_feature_is_refused_before_anything_is_sent(row: ProviderRow, feature: str) -> None:
    async with vendor(row, answering(next(iter(row.replies.values())).answer)) as server, row.create(server.url) as llm:
        if feature in (*HINTS, *NOT_ASKED):
            await _assert_not_taken(row, llm, feature)
            return
        with pytest.raises((UnsupportedCapabilityError, UnsupportedParameterError)) as caught:
            await CALLS[feature](llm)
        assert server.exchanges == []
        assert caught.value.provider == row.provider


async def _assert_not_taken(row: ProviderRow, llm: BaseLLM, feature: str) -> None:
    if feature == "citations":
        # A provider that takes no document refuses it, and with it the wish to cite it.
        try:
            response = await CALLS[feature](llm)
        except ValueError:
            return
        assert any("cit" in warning for warning in response.warnings)
    elif feature == "cache_points":
        assert any("cache" in warning for warning in (await CALLS[feature](llm)).warnings)
    elif feature == "reported_cost":
        assert not row.reported_cost


@pytest.mark.parametrize("provider", [provider for provider in PROVIDERS if load_row(provider).reported_cost])
async def test_reported_cost_is_the_call_s(row: ProviderRow) -> None:
    for wire, replies in row.replies.items():
        body = json.loads(replies.answer)
        body["usage"] |= row.reported_cost
        handler: Handler = answering(json.dumps(body).encode())
        async with vendor(row, handler) as server, row.create(server.url, wire=wire) as llm:
            assert (await llm.get_answer("Hi")).cost == Decimal("0.5")
    assert features_of(row.provider).answers["reported_cost"].able
