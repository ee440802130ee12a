"""What we send to Bedrock is what botocore sends for the same call, field by field, save for what is listed.

botocore also checks each call against the service's own model before it writes it. Each reason is on the page of the
provider, word for word.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

import pytest
from botocore.session import Session

from core.llms.providers.bedrock import BedrockBaseLLM, create_bedrock_llm
from core.llms.types.content import CachePoint, FilePart, ImagePart, ReasoningPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage, SystemMessage, ToolMessage, UserMessage
from core.llms.types.tools import ResponseFormat, ServerTool, Tool
from tests.contract.capture import flatten
from tests.support.event_frames import event
from tests.support.raw_server import Exchange, raw_server

PAGE = Path(__file__).parents[2] / "docs" / "providers" / "bedrock.md"
MODEL: Final = "us.anthropic.claude-sonnet-4-6"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")
PDF = b"%PDF-1.4"
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
CLOSED = {**SCHEMA, "additionalProperties": False}
HI = {"role": "user", "content": [{"text": "Hi"}]}
TOOL = {"toolSpec": {"name": "look", "description": "Looks.", "inputSchema": {"json": SCHEMA}}}
USE = {"toolUse": {"toolUseId": "t1", "name": "look", "input": {"city": "Oslo"}}}
USAGE = {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}
KEY_ORDER: Final = "A schema goes out as text; its keys stand in our order, not in that of the caller's text."
PROFILE: Final = "Tokens are counted for the model behind an inference profile: the vendor counts for models alone."


@dataclass(frozen=True)
class Call:
    name: str
    ours: Callable[[BedrockBaseLLM], Awaitable[Any]]
    operation: str
    theirs: dict[str, Any]
    differences: dict[str, str] = field(default_factory=dict)


async def drain(llm: BedrockBaseLLM) -> None:
    async with llm.stream_answer("Hi", max_tokens=5) as stream:
        async for _ in stream:
            pass


CALLS = [
    Call("plain", lambda llm: llm.get_answer("Hi"), "Converse", {"messages": [HI]}),
    Call(
        "parameters",
        lambda llm: llm.get_answer(
            [SystemMessage("Be brief."), UserMessage("Hi")],
            max_tokens=9,
            temperature=0.5,
            top_p=0.5,
            top_k=3,
            stop=["END"],
            metadata={"team": "a"},
            service_tier="flex",
            provider_options={"performanceConfig": {"latency": "optimized"}},
        ),
        "Converse",
        {
            "messages": [HI],
            "system": [{"text": "Be brief."}],
            "inferenceConfig": {"maxTokens": 9, "temperature": 0.5, "topP": 0.5, "stopSequences": ["END"]},
            "additionalModelRequestFields": {"top_k": 3},
            "requestMetadata": {"team": "a"},
            "serviceTier": {"type": "flex"},
            "performanceConfig": {"latency": "optimized"},
        },
    ),
    Call("a stream", drain, "ConverseStream", {"messages": [HI], "inferenceConfig": {"maxTokens": 5}}),
    Call(
        "tools",
        lambda llm: llm.get_answer(
            "Hi",
            tools=[Tool("look", "Looks.", SCHEMA), ServerTool({"systemTool": {"name": "nova_grounding"}})],
            tool_choice="look",
        ),
        "Converse",
        {
            "messages": [HI],
            "toolConfig": {
                "tools": [TOOL, {"systemTool": {"name": "nova_grounding"}}],
                "toolChoice": {"tool": {"name": "look"}},
            },
        },
    ),
    Call(
        "reasoning, calls and results go back",
        lambda llm: llm.get_answer(
            [
                UserMessage("Hi"),
                AssistantMessage(
                    (
                        ReasoningPart("Hm", "sig", origin="bedrock_converse"),
                        ReasoningPart(redacted="AAEC", origin="bedrock_converse"),
                        ToolCall.of("t1", "look", {"city": "Oslo"}),
                    )
                ),
                ToolMessage("sunny", "t1"),
                ToolMessage("broken", "t2", is_error=True),
            ],
            tools=[Tool("look", "Looks.", SCHEMA)],
        ),
        "Converse",
        {
            "messages": [
                HI,
                {
                    "role": "assistant",
                    "content": [
                        {"reasoningContent": {"reasoningText": {"text": "Hm", "signature": "sig"}}},
                        {"reasoningContent": {"redactedContent": b"\x00\x01\x02"}},
                        USE,
                    ],
                },
                {
                    "role": "user",
                    "content": [
                        {"toolResult": {"toolUseId": "t1", "content": [{"text": "sunny"}]}},
                        {"toolResult": {"toolUseId": "t2", "content": [{"text": "broken"}], "status": "error"}},
                    ],
                },
            ],
            "toolConfig": {"tools": [TOOL]},
        },
    ),
    Call(
        "image, document and cache points",
        lambda llm: llm.get_answer(
            [
                SystemMessage((TextPart("Rules."), CachePoint("1h"))),
                UserMessage(
                    (
                        ImagePart(data=PNG),
                        FilePart(data=PDF, filename="bill.pdf", citations=True),
                        TextPart("Hi"),
                        CachePoint(),
                    )
                ),
            ]
        ),
        "Converse",
        {
            "system": [{"text": "Rules."}, {"cachePoint": {"type": "default", "ttl": "1h"}}],
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"image": {"format": "png", "source": {"bytes": PNG}}},
                        {
                            "document": {
                                "format": "pdf",
                                "name": "bill",
                                "source": {"bytes": PDF},
                                "citations": {"enabled": True},
                            }
                        },
                        {"text": "Hi"},
                        {"cachePoint": {"type": "default"}},
                    ],
                }
            ],
        },
    ),
    Call(
        "a schema",
        lambda llm: llm.get_answer("Hi", response_format=ResponseFormat("json_schema", "place", SCHEMA)),
        "Converse",
        {
            "messages": [HI],
            "outputConfig": {
                "textFormat": {
                    "type": "json_schema",
                    "structure": {"jsonSchema": {"schema": json.dumps(CLOSED), "name": "place"}},
                }
            },
        },
        {"body.outputConfig.textFormat.structure.jsonSchema.schema": KEY_ORDER},
    ),
    Call(
        "reasoning",
        lambda llm: llm.get_answer("Hi", reasoning_effort="high"),
        "Converse",
        {
            "messages": [HI],
            "additionalModelRequestFields": {"thinking": {"type": "adaptive"}, "output_config": {"effort": "high"}},
        },
    ),
    Call(
        "a count of tokens",
        lambda llm: llm.count_tokens("Hi", exact=True),
        "CountTokens",
        {"input": {"converse": {"messages": [HI]}}},
        {"path": PROFILE},
    ),
]


class Sent(Exception):
    """Ends botocore's call once its request is written."""


def sent_by_botocore(operation: str, params: dict[str, Any]) -> dict[str, Any]:
    caught: list[dict[str, Any]] = []

    def catch(request: Any, **rest: Any) -> NoReturn:
        caught.append(
            flatten(
                {
                    "method": request.method,
                    "path": urlsplit(request.url).path,
                    "type": request.headers["Content-Type"].decode(),
                    "body": json.loads(request.body),
                }
            )
        )
        raise Sent

    client = Session().create_client(
        "bedrock-runtime", region_name="us-east-1", aws_access_key_id="AKID", aws_secret_access_key="secret"
    )
    client.meta.events.register("before-send.bedrock-runtime", catch)
    with pytest.raises(Sent):
        client._make_api_call(operation, {"modelId": MODEL, **params})
    client.close()
    return caught[0]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
async def test_request_is_botocore_s(call: Call) -> None:
    received: list[dict[str, Any]] = []

    async def answer(exchange: Exchange) -> None:
        first, *lines = exchange.head.decode().strip().split("\r\n")
        method, path, _ = first.split(" ")
        named = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        whole = {"method": method, "path": path, "type": named["content-type"], "body": json.loads(exchange.body)}
        received.append(flatten(whole))
        end = event("messageStop", {"stopReason": "end_turn"}) + event("metadata", {"usage": USAGE})
        if path.endswith("-stream"):
            await exchange.answer(event("messageStart", {"role": "assistant"}) + end, content_type="application/vnd")
        else:
            said = {"output": {"message": {"content": [{"text": "{}"}]}}, "stopReason": "end_turn", "usage": USAGE}
            await exchange.answer(json.dumps({**said, "inputTokens": 1}).encode())

    async with (
        raw_server(answer) as server,
        create_bedrock_llm(
            MODEL, region="us-east-1", access_key_id="AKID", secret_access_key="secret", base_url=server.url
        ) as llm,
    ):
        await call.ours(llm)

    ours, theirs = received[0], sent_by_botocore(call.operation, call.theirs)
    differing = {place for place in ours.keys() | theirs.keys() if ours.get(place) != theirs.get(place)}
    assert differing == set(call.differences)


def test_every_difference_is_on_the_page() -> None:
    page = " ".join(PAGE.read_text().split())
    for reason in {reason for call in CALLS for reason in call.differences.values()}:
        assert reason in page
