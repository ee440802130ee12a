"""What Perplexity says otherwise than OpenAI: each request and answer here fails under OpenAI's plain dialects."""

from __future__ import annotations

import json
import warnings
from decimal import Decimal
from typing import Any

import pytest

from core.llms.errors import ContextLengthExceededError, ProtocolError
from core.llms.notices import RetiredModelWarning
from core.llms.providers.perplexity import PerplexityBaseLLM, PerplexityConnector, create_perplexity_llm
from core.llms.types.content import OpaquePart, TextPart
from core.llms.types.events import StreamFinished, StreamStarted, TextDelta, UsageUpdated
from core.llms.types.message_dicts import parse_messages
from core.llms.types.request import LLMRequest
from core.llms.types.tools import ResponseFormat, ServerTool
from core.llms.wires.openai_chat import OpenAIChatWire
from core.llms.wires.openai_responses import OpenAIResponsesWire, ResponsesDialect
from tests.support.raw_server import Exchange, raw_server
from tests.wires.test_corpus_openai_chat import decode, finish

RESULTS = [{"title": "Weather", "url": "https://a.example", "date": "2026-06-08", "snippet": "Sun.", "source": "web"}]
COST = {"input_tokens_cost": 0.00002, "output_tokens_cost": 0.00026, "request_cost": 0.005, "total_cost": 0.00528}
USAGE = {"prompt_tokens": 25, "completion_tokens": 259, "total_tokens": 284, "search_context_size": "low", "cost": COST}
NO_COST = {"input_tokens_cost": 0.0, "output_tokens_cost": 0.0, "total_cost": 0.0}
MESSAGE = {"role": "assistant", "content": "Sun [1]."}
BODY: dict[str, Any] = {
    "id": "1",
    "model": "sonar",
    "usage": USAGE,
    "citations": ["https://a.example"],
    "search_results": RESULTS,
    "choices": [{"index": 0, "message": MESSAGE, "delta": {"content": ""}, "finish_reason": "stop"}],
}
AGENT_ITEM = {
    "type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
    "content": [{"type": "output_text", "text": "Sun.", "annotations": []}],
}  # fmt: skip
AGENT_BODY: dict[str, Any] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "model": "perplexity/sonar",
    "status": "completed",
    "output": [
        {"type": "search_results", "queries": ["weather"], "results": [{"id": 1, **RESULTS[0]}]},
        AGENT_ITEM,
    ],
    "usage": {
        "input_tokens": 10, "output_tokens": 4, "total_tokens": 14,
        "cost": {"currency": "USD", "input_cost": 0.001, "output_cost": 0.001, "total_cost": 0.0045},
    },
}  # fmt: skip


def chat_wire() -> OpenAIChatWire:
    return OpenAIChatWire(PerplexityBaseLLM.CHAT_DIALECT)


def a_chunk(text: str, finish: str | None, cost: dict[str, float]) -> bytes:
    usage = {**USAGE, "cost": cost}
    choice = {"index": 0, "message": MESSAGE, "delta": {"content": text}, "finish_reason": finish}
    return b"data: " + json.dumps({**BODY, "usage": usage, "choices": [choice]}).encode() + b"\r\n\r\n"


def test_answer_has_its_sources_as_annotations_and_its_cost_from_the_vendor() -> None:
    response = chat_wire().parse_response(BODY)
    assert response.message.parts == (TextPart("Sun [1].", tuple(RESULTS), "openai_chat"),)
    assert response.usage.reported_cost == Decimal("0.00528")
    plain = OpenAIChatWire().parse_response(BODY)
    assert plain.message.content == "Sun [1]."
    assert plain.usage.reported_cost is None


def test_answer_with_citations_alone_has_them_as_annotations() -> None:
    body = {name: value for name, value in BODY.items() if name != "search_results"}
    sources = ({"url": "https://a.example"},)
    assert chat_wire().parse_response(body).message.parts == (TextPart("Sun [1].", sources, "openai_chat"),)


def test_sources_do_not_go_back() -> None:
    answer = chat_wire().parse_response(BODY).message
    request = LLMRequest("sonar", (*parse_messages("Hi"), answer), {"max_tokens": 5}, stream=True)
    assert chat_wire().render_request(request).body == {
        "model": "sonar",
        "messages": [{"role": "user", "content": "Hi"}, MESSAGE],
        "max_tokens": 5,
        "stream": True,
    }
    assert "max_tokens" not in OpenAIChatWire().render_request(request).body


def test_stream_without_done_is_whole_and_costs_nothing_until_its_end() -> None:
    chunks = [a_chunk("Sun", None, NO_COST), a_chunk(" [1].", None, NO_COST), a_chunk("", "stop", COST)]
    decoder = chat_wire().create_stream_decoder()
    decoder.feed(b"".join(chunks[:2]))
    assert decoder.partial_response().usage.reported_cost is None
    response = finish(decode(chat_wire(), chunks))
    assert response.message.parts == (TextPart("Sun [1].", tuple(RESULTS), "openai_chat"),)
    assert response.usage.reported_cost == Decimal("0.00528")
    with pytest.raises(ProtocolError, match="DONE"):
        decode(OpenAIChatWire(), chunks)
    with pytest.raises(ProtocolError, match="finish reason"):
        decode(chat_wire(), chunks[:2])


def test_usage_of_deep_research_counts_reasoning_found_tokens_and_searches() -> None:
    extra = {"reasoning_tokens": 100, "citation_tokens": 7, "num_search_queries": 3}
    usage = chat_wire().parse_response({**BODY, "usage": {**USAGE, **extra}}).usage
    assert (usage.input_tokens, usage.output_tokens, usage.reasoning_tokens) == (32, 359, 100)
    assert usage.server_tool_requests == 3


def test_prompt_that_is_too_long_is_told_by_its_type() -> None:
    error = {"error": {"message": "The total length is too long.", "type": "too_many_prompt_tokens", "code": 400}}
    body = json.dumps(error).encode()
    assert type(chat_wire().parse_error(400, {}, body)) is ContextLengthExceededError
    assert type(OpenAIChatWire().parse_error(400, {}, body)) is not ContextLengthExceededError


async def test_agent_api_is_called_with_tools_of_its_own_and_form_where_it_wants_it() -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.answer(json.dumps(AGENT_BODY).encode())

    form = ResponseFormat("json_schema", name="person", schema={"type": "object"})
    async with raw_server(handle) as server:
        place = {"api_key": "pplx", "base_url": f"{server.url}/v1"}
        async with create_perplexity_llm("perplexity/sonar", **place) as llm:  # type: ignore[arg-type]  # two strings
            response = await llm.get_answer(
                "Hi", tools=[ServerTool({"type": "web_search"})], response_format=form, max_tokens=9
            )
        head, sent = server.exchanges[0].head, json.loads(server.exchanges[0].body)
    assert head.startswith(b"POST /v1/responses ")
    assert sent["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "person", "schema": {"type": "object"}, "strict": True},
    }
    assert "text" not in sent
    assert (sent["tools"], sent["max_output_tokens"]) == ([{"type": "web_search"}], 9)
    assert (response.text, response.cost) == ("Sun.", Decimal("0.0045"))


def agent_wire() -> OpenAIResponsesWire:
    return OpenAIResponsesWire(PerplexityBaseLLM.RESPONSES_DIALECT or ResponsesDialect())


def test_agent_s_answer_goes_back_without_the_traces_of_its_tools() -> None:
    answer = agent_wire().parse_response(AGENT_BODY).message
    assert [type(part) for part in answer.parts] == [OpaquePart, TextPart]
    request = LLMRequest("perplexity/sonar", (*parse_messages("Hi"), answer, *parse_messages("And now?")))
    rendered = agent_wire().render_request(request)
    assert rendered.body["input"] == [
        {"type": "message", "role": "user", "content": "Hi"},
        {"type": "message", "role": "assistant", "content": "Sun."},
        {"type": "message", "role": "user", "content": "And now?"},
    ]
    (warning,) = rendered.warnings
    assert warning.startswith("what Perplexity's own tools found was left out (1 items)")
    plain = OpenAIResponsesWire(ResponsesDialect(origin="perplexity_responses")).render_request(request)
    assert plain.body["input"][1]["type"] == "search_results"


def test_agent_s_stream_has_steps_of_its_own_and_events_without_a_response() -> None:
    head = {name: value for name, value in AGENT_BODY.items() if name != "usage"} | {
        "status": "in_progress",
        "output": [],
    }
    steps: list[dict[str, Any]] = [
        {"type": "response.created", "response": head},
        {"type": "response.in_progress", "response": None},
        {"type": "response.reasoning.started", "thought": "Look."},
        {"type": "response.reasoning.search_results", "results": RESULTS},
        {"type": "response.output_item.added", "output_index": 1, "item": {**AGENT_ITEM, "content": []}},
        {
            "type": "response.output_text.delta",
            "item_id": "msg_1",
            "output_index": 1,
            "content_index": 0,
            "delta": "Sun.",
        },
        {"type": "response.output_item.done", "output_index": 1, "item": AGENT_ITEM},
        {"type": "response.completed", "response": AGENT_BODY},
    ]
    decoder = agent_wire().create_stream_decoder()
    data = b"".join(f"event: {step['type']}\ndata: {json.dumps(step)}\n\n".encode() for step in steps)
    events = [*decoder.feed(data), *decoder.close()]
    assert [type(event) for event in events] == [StreamStarted, TextDelta, UsageUpdated, StreamFinished]
    last = events[-1]
    assert isinstance(last, StreamFinished)
    assert last.response.text == "Sun."
    assert last.response.usage.reported_cost == Decimal("0.0045")


async def test_sonar_is_called_at_the_host_itself() -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.answer(json.dumps(BODY).encode())

    connector = PerplexityConnector({"api_key": "pplx", "base_url": "http://127.0.0.1:1/v1"})
    assert connector._url("/models", None) == "http://127.0.0.1:1/v1/models"
    async with raw_server(handle) as server:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            llm = create_perplexity_llm("sonar", api_key="pplx", base_url=f"{server.url}/v1")
        async with llm:
            response = await llm.get_answer("Hi", provider_options={"search_domain_filter": ["a.example"]})
        head, sent = server.exchanges[0].head, json.loads(server.exchanges[0].body)
    assert head.startswith(b"POST /chat/completions ")
    assert sent["search_domain_filter"] == ["a.example"]
    assert response.cost == Decimal("0.00528")


def test_sonar_is_retired_and_an_unlisted_model_goes_to_the_agent_api(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERPLEXITY_API_KEY", "pplx")
    monkeypatch.setenv("PERPLEXITY_BASE_URL", "https://proxy.example")
    with pytest.warns(RetiredModelWarning, match="2026-09-27; use perplexity/sonar"):
        sonar = create_perplexity_llm("sonar-reasoning-pro")
    assert sonar.wire.name == "openai_chat"
    assert sonar.connector.base_url == "https://proxy.example/v1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert create_perplexity_llm("openai/gpt-6-sol").wire.name == "openai_responses"


async def test_embeddings_are_signed_bytes_and_cost_what_perplexity_says() -> None:
    usage = {"prompt_tokens": 7, "total_tokens": 7, "cost": {"input_cost": 1e-6, "total_cost": 1e-6, "currency": "USD"}}

    async def handle(exchange: Exchange) -> None:
        await exchange.answer(json.dumps({"data": [{"index": 0, "embedding": "AX+A"}], "usage": usage}).encode())

    async with raw_server(handle) as server:
        async with create_perplexity_llm("pplx-embed-v1-4b", api_key="pplx", base_url=f"{server.url}/v1") as llm:
            response = await llm.embed("Hi", dimensions=128)
        head, sent = server.exchanges[0].head, json.loads(server.exchanges[0].body)
    assert head.startswith(b"POST /v1/embeddings ")
    assert sent == {"model": "pplx-embed-v1-4b", "input": ["Hi"], "dimensions": 128}
    assert response.vectors == ((1.0, 127.0, -128.0),)
    assert response.cost == Decimal("0.000001")
    with pytest.raises(ProtocolError, match="32-bit floats"):
        OpenAIChatWire().parse_embeddings({"data": [{"index": 0, "embedding": "AX+A"}]})


def test_agent_api_is_not_told_how_closely_an_image_is_looked_at() -> None:
    url = "https://a.example/a.png"
    images = [{"type": "image_url", "image_url": {"url": url, "detail": detail}} for detail in ("auto", "high")]
    rendered = agent_wire().render_request(LLMRequest("m", parse_messages([{"role": "user", "content": images}])))
    assert rendered.body["input"][0]["content"] == [{"type": "input_image", "image_url": url}] * 2
    assert rendered.warnings == ("an image's detail='high' was left out: Perplexity has none",)
