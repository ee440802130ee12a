from __future__ import annotations

import pytest

from core.llms import CachePoint, LLMRequest, SystemMessage, TextPart, UserMessage, parse_messages
from core.llms.wires.base import Wire
from core.llms.wires.downgrades import drop_cache_points
from core.llms.wires.openai_chat import OpenAIChatWire
from core.llms.wires.openai_responses import OpenAIResponsesWire


def test_messages_without_cache_points_are_left_as_they_are() -> None:
    messages = parse_messages("Hi")
    warnings: list[str] = []
    assert drop_cache_points(messages, warnings) is messages
    assert not warnings


@pytest.mark.parametrize("wire", [OpenAIChatWire(), OpenAIResponsesWire()], ids=["chat", "responses"])
def test_wire_that_caches_by_itself_leaves_cache_points_out_and_says_so(wire: Wire) -> None:
    marked = (SystemMessage([TextPart("Rules"), CachePoint("1h")]), UserMessage("Hi"))
    plain = (SystemMessage([TextPart("Rules")]), UserMessage("Hi"))
    rendered = wire.render_request(LLMRequest("m", marked))
    assert rendered.body == wire.render_request(LLMRequest("m", plain)).body
    assert rendered.warnings == ("cache points were left out: the provider is not told what to cache",)


def test_cache_points_survive_as_dicts() -> None:
    message = UserMessage([TextPart("a", extra={"id": 1}, origin="w"), CachePoint("1h")])
    assert parse_messages([message.to_dict()]) == (message,)
