"""Calling the simulated Bedrock without any SDK, and good, rich requests with the fields they may leave out."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

from core.llms.simulator import Simulator
from core.llms.simulator.anthropic.seals import seal_data, sign_thinking
from tests.unit.simulator.calls import Received, post
from tests.unit.simulator.pictures import picture

KEY = {"Authorization": "Bearer bedrock-api-key-test"}
CLAUDE = "us.anthropic.claude-sonnet-4-6"
NOVA = "amazon.nova-lite-v1:0"
TITAN = "amazon.titan-embed-text-v2:0"
COHERE = "cohere.embed-v4:0"
NOVA_EMBED = "amazon.nova-2-multimodal-embeddings-v1:0"


def path(model: str = CLAUDE, operation: str = "converse") -> str:
    return f"/bedrock/model/{quote(model, safe='')}/{operation}"


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def user(*content: Any) -> dict[str, Any]:
    return {"role": "user", "content": [{"text": part} if isinstance(part, str) else part for part in content]}


def assistant(*content: Any) -> dict[str, Any]:
    return user(*content) | {"role": "assistant"}


def talk(*messages: Any, **fields: Any) -> dict[str, Any]:
    return {"messages": [user(entry) if isinstance(entry, str) else entry for entry in messages], **fields}


def called(identity: str = "t1", name: str = "look") -> dict[str, Any]:
    return {"toolUse": {"toolUseId": identity, "name": name, "input": {}}}


def returned(identity: str = "t1", **fields: Any) -> dict[str, Any]:
    return {"toolResult": {"toolUseId": identity, "content": [{"text": "seen"}], **fields}}


def thought(text: str, signature: str | None = None) -> dict[str, Any]:
    signature = sign_thinking(text, text) if signature is None else signature
    return {"reasoningContent": {"reasoningText": {"text": text, "signature": signature}}}


def document(name: str = "report", **fields: Any) -> dict[str, Any]:
    return {"document": {"format": "txt", "name": name, "source": {"text": "Words."}, **fields}}


def image(data: bytes | None = None, form: str = "png") -> dict[str, Any]:
    return {"image": {"format": form, "source": {"bytes": encoded(data or picture(2, 2))}}}


async def ask(
    sim: Simulator, request: Any, *, model: str = CLAUDE, operation: str = "converse", **options: Any
) -> Received:
    return await post(sim, path(model, operation), request, **{"headers": KEY, **options})


CACHE_POINT = {"cachePoint": {"type": "default", "ttl": "5m"}}
PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}},
    "required": ["name"],
    "additionalProperties": False,
}
LOOK: dict[str, Any] = {
    "toolSpec": {"name": "look", "description": "Looks", "inputSchema": {"json": PERSON}, "strict": True}
}
TOOLS: dict[str, Any] = {"tools": [LOOK]}
FORM = {
    "textFormat": {
        "type": "json_schema",
        "structure": {
            "jsonSchema": {"schema": json.dumps(PERSON), "name": "person", "description": "A person"},
        },
    }
}
GUARDRAIL = {"guardrailIdentifier": "abc123", "guardrailVersion": "DRAFT", "trace": "enabled"}
_FOUND = {
    "source": "https://example.com/a",
    "title": "A",
    "content": [{"text": "Found."}],
    "citations": {"enabled": False},
}
_CITED = {
    "content": [{"text": "I have looked."}],
    "citations": [
        {
            "title": "report",
            "source": "report",
            "sourceContent": [{"text": "Words."}],
            "location": {"documentChar": {"documentIndex": 0, "start": 0, "end": 6}},
        }
    ],
}
RICH_REQUEST: dict[str, Any] = {
    "messages": [
        {"role": "user", "content": [{"text": "Look, please."}]},
        {
            "role": "assistant",
            "content": [
                thought("I look."),
                {"reasoningContent": {"redactedContent": seal_data("secret")}},
                called(),
            ],
        },
        {
            "role": "user",
            "content": [
                {
                    "toolResult": {
                        "toolUseId": "t1",
                        "content": [{"text": "seen"}, {"json": {"a": 1}}, {"searchResult": _FOUND}],
                        "status": "success",
                    }
                }
            ],
        },
        {"role": "assistant", "content": [{"citationsContent": _CITED}]},
        {
            "role": "user",
            "content": [
                {"text": "And this?"},
                {"guardContent": {"text": {"text": "Safe?", "qualifiers": ["guard_content"]}}},
                image(),
                {
                    "document": {
                        "format": "pdf",
                        "name": "report",
                        "source": {"bytes": encoded(b"%PDF-1.4")},
                        "context": "About looks.",
                        "citations": {"enabled": False},
                    }
                },
                {"image": {"format": "jpeg", "source": {"s3Location": {"uri": "s3://bucket/a.jpg"}}}},
                CACHE_POINT,
            ],
        },
    ],
    "system": [{"text": "Be brief."}, {"cachePoint": {"type": "default"}}],
    "inferenceConfig": {"maxTokens": 2000, "stopSequences": ["END"]},
    "toolConfig": {"tools": [LOOK, {"cachePoint": {"type": "default"}}], "toolChoice": {"auto": {}}},
    "guardrailConfig": GUARDRAIL,
    "projectIdentifier": "default",
    "additionalModelRequestFields": {
        "thinking": {"type": "enabled", "budget_tokens": 1024},
        "output_config": {"effort": "low"},
        "anthropic_beta": ["context-1m-2025-08-07"],
    },
    "additionalModelResponseFieldPaths": ["/stop_sequence"],
    "requestMetadata": {"team": "a"},
    "performanceConfig": {"latency": "standard"},
    "serviceTier": {"type": "default"},
    "outputConfig": {**FORM, "effort": "low"},
}
OPTIONAL = frozenset(
    {
        "messages[2].content[0].toolResult.status",
        "messages[2].content[0].toolResult.content[2].searchResult.citations",
        "messages[3].content[0].citationsContent.content",
        "messages[3].content[0].citationsContent.citations",
        "messages[3].content[0].citationsContent.citations[0].title",
        "messages[3].content[0].citationsContent.citations[0].source",
        "messages[3].content[0].citationsContent.citations[0].sourceContent",
        "messages[3].content[0].citationsContent.citations[0].location",
        "messages[3].content[0].citationsContent.citations[0].location.documentChar.documentIndex",
        "messages[3].content[0].citationsContent.citations[0].location.documentChar.start",
        "messages[3].content[0].citationsContent.citations[0].location.documentChar.end",
        "messages[4].content[1].guardContent.text.qualifiers",
        "messages[4].content[3].document.context",
        "messages[4].content[3].document.citations",
        "messages[4].content[5].cachePoint.ttl",
        "system",
        "inferenceConfig",
        "inferenceConfig.maxTokens",
        "inferenceConfig.stopSequences",
        "toolConfig.toolChoice",
        "toolConfig.tools[0].toolSpec.description",
        "toolConfig.tools[0].toolSpec.strict",
        "guardrailConfig",
        "guardrailConfig.trace",
        "projectIdentifier",
        "additionalModelRequestFields",
        "additionalModelRequestFields.thinking",
        "additionalModelRequestFields.output_config",
        "additionalModelRequestFields.output_config.effort",
        "additionalModelRequestFields.anthropic_beta",
        "additionalModelResponseFieldPaths",
        "requestMetadata",
        "performanceConfig",
        "performanceConfig.latency",
        "serviceTier",
        "outputConfig",
        "outputConfig.textFormat",
        "outputConfig.textFormat.structure.jsonSchema.name",
        "outputConfig.textFormat.structure.jsonSchema.description",
        "outputConfig.effort",
    }
)
NOVA_REQUEST: dict[str, Any] = {
    "messages": [{"role": "user", "content": [{"text": "Hello!"}]}],
    "inferenceConfig": {"maxTokens": 100, "temperature": 0.5, "topP": 0.5},
    "guardrailConfig": {**GUARDRAIL, "streamProcessingMode": "sync"},
    "additionalModelRequestFields": {
        "reasoningConfig": {"type": "enabled", "maxReasoningEffort": "low"},
        "inferenceConfig": {"topK": 20},
    },
}
NOVA_OPTIONAL = frozenset(
    {
        "inferenceConfig",
        "inferenceConfig.maxTokens",
        "inferenceConfig.temperature",
        "inferenceConfig.topP",
        "guardrailConfig",
        "guardrailConfig.trace",
        "guardrailConfig.streamProcessingMode",
        "additionalModelRequestFields",
        "additionalModelRequestFields.reasoningConfig",
        "additionalModelRequestFields.reasoningConfig.maxReasoningEffort",
        "additionalModelRequestFields.inferenceConfig",
        "additionalModelRequestFields.inferenceConfig.topK",
    }
)
COUNT_REQUEST: dict[str, Any] = {
    "input": {
        "converse": {
            "messages": [{"role": "user", "content": [{"text": "How many?"}]}],
            "system": [{"text": "Be brief."}],
            "toolConfig": TOOLS,
            "additionalModelRequestFields": {"thinking": {"type": "adaptive"}},
        }
    }
}
COUNT_OPTIONAL = frozenset(
    {
        "input.converse.system",
        "input.converse.toolConfig",
        "input.converse.toolConfig.tools[0].toolSpec.description",
        "input.converse.toolConfig.tools[0].toolSpec.strict",
        "input.converse.additionalModelRequestFields",
        "input.converse.additionalModelRequestFields.thinking",
    }
)
TITAN_REQUEST: dict[str, Any] = {
    "inputText": "hello",
    "dimensions": 256,
    "normalize": True,
    "embeddingTypes": ["float"],
}
COHERE_REQUEST: dict[str, Any] = {
    "input_type": "search_query",
    "texts": ["hello"],
    "embedding_types": ["float"],
    "output_dimension": 256,
    "max_tokens": 100,
    "truncate": "NONE",
}
NOVA_EMBED_REQUEST: dict[str, Any] = {
    "schemaVersion": "nova-multimodal-embed-v1",
    "taskType": "SINGLE_EMBEDDING",
    "singleEmbeddingParams": {
        "embeddingPurpose": "GENERIC_INDEX",
        "embeddingDimension": 256,
        "text": {"truncationMode": "NONE", "value": "hello"},
    },
}
