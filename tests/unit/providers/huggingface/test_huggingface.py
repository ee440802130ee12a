"""What Hugging Face's router says otherwise than OpenAI: each of these fails under OpenAI's plain dialect."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms import DeveloperMessage
from core.llms.errors import ProtocolError, QuotaExceededError
from core.llms.providers.huggingface import HuggingFaceBaseLLM, create_huggingface_llm
from core.llms.types.message_dicts import parse_messages
from core.llms.types.request import LLMRequest
from core.llms.wires.openai_chat import OpenAIChatWire
from tests.support.chat_bytes import completion, stream
from tests.support.raw_server import Exchange, raw_server
from tests.wires.test_corpus_openai_chat import decode, finish


def wire() -> OpenAIChatWire:
    return OpenAIChatWire(HuggingFaceBaseLLM.CHAT_DIALECT)


def test_request_has_what_every_inference_provider_knows() -> None:
    messages = (DeveloperMessage("Be brief."), *parse_messages("Go."))
    request = LLMRequest("org/model:groq", messages, {"max_tokens": 9}, stream=True)
    assert wire().render_request(request).body == {
        "model": "org/model:groq",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Go."}],
        "max_tokens": 9,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    plain = OpenAIChatWire().render_request(request).body
    assert ("max_tokens" in plain, plain["messages"][0]["role"]) == (False, "developer")


def test_stream_without_done_is_whole_once_it_has_its_finish_reason() -> None:
    chunks = stream("Hel", "lo")[:-1]
    assert finish(decode(wire(), chunks)).text == "Hello"
    with pytest.raises(ProtocolError, match="finish reason"):
        decode(wire(), chunks[:2])
    with pytest.raises(ProtocolError, match="DONE"):
        decode(OpenAIChatWire(), chunks)


def test_credits_that_are_used_up_are_a_quota() -> None:
    body = b'{"error": "You have exceeded your monthly included credits for Inference Providers."}'
    error = wire().parse_error(402, {}, body)
    assert type(error) is QuotaExceededError
    assert error.message.startswith("You have exceeded")
    assert type(OpenAIChatWire().parse_error(402, {}, body)) is not QuotaExceededError


@pytest.mark.parametrize("name", ["zai-org/GLM-5.3:novita", "huggingface-zai-org/GLM-5.3:novita"])
def test_name_with_an_inference_provider_keeps_the_model_s_facts(name: str) -> None:
    llm = create_huggingface_llm(name, api_key="hf")
    assert llm.model == "zai-org/GLM-5.3:novita"
    assert llm.metadata.DISPLAY_NAME == "GLM-5.3"
    assert llm.metadata.CONTEXT_WINDOW == 1_048_576
    assert create_huggingface_llm("zai-org/GLM-5.3", api_key="hf").model == "zai-org/GLM-5.3"


async def test_call_arrives_with_token_and_path_and_says_that_its_cost_is_not_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def handle(exchange: Exchange) -> None:
        await exchange.answer(completion("Hello"))

    async with raw_server(handle) as server:
        monkeypatch.delenv("HF_TOKEN", raising=False)
        monkeypatch.setenv("HUGGING_FACE_HUB_TOKEN", "hf_1")
        place: dict[str, Any] = {"base_url": f"{server.url}/v1"}
        async with create_huggingface_llm("Qwen/Qwen2.5-Coder-32B-Instruct:cheapest", **place) as llm:
            response = await llm.get_answer("Go.", max_tokens=5)
        head, sent = server.exchanges[0].head, json.loads(server.exchanges[0].body)
    assert head.startswith(b"POST /v1/chat/completions ")
    assert b"Authorization: Bearer hf_1" in head
    assert (sent["model"], sent["max_tokens"]) == ("Qwen/Qwen2.5-Coder-32B-Instruct:cheapest", 5)
    assert (response.cost, response.cost_unknown_reason) == (None, "no price is known for this model")
