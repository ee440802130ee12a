"""The shapes of whole requests, as the service's model has them.

Facts: botocore 1.44, bedrock-runtime 2023-09-30, read 2026-11-21; the tests compare every member with it.
"""

from __future__ import annotations

from core.llms.simulator.bedrock.block_shapes import CACHE_POINT, CONTENT_BLOCK, GUARD_CONTENT, TOOL_NAME
from core.llms.simulator.bedrock.shapes import (
    Blob,
    Flag,
    Fraction,
    Free,
    ListOf,
    MapOf,
    Structure,
    Text,
    Union,
    Whole,
)

_NOT_EMPTY = Text(1)
_UNIT = Fraction(0, 1)
_MESSAGES = ListOf(
    Structure(
        {"role": Text(choices=("user", "assistant", "system")), "content": ListOf(CONTENT_BLOCK)}, ("role", "content")
    )
)
_SYSTEM = ListOf(
    Union("SystemContentBlock", {"text": _NOT_EMPTY, "guardContent": GUARD_CONTENT, "cachePoint": CACHE_POINT})
)
_INFERENCE = Structure(
    {
        "maxTokens": Whole(1),
        "temperature": _UNIT,
        "topP": _UNIT,
        "stopSequences": ListOf(_NOT_EMPTY, 0, 2500),
    }
)
_TOOL = Union(
    "Tool",
    {
        "toolSpec": Structure(
            {
                "name": TOOL_NAME,
                "description": _NOT_EMPTY,
                "inputSchema": Union("ToolInputSchema", {"json": Free()}),
                "strict": Flag(),
            },
            ("name", "inputSchema"),
        ),
        "systemTool": Structure({"name": TOOL_NAME}, ("name",)),
        "cachePoint": CACHE_POINT,
    },
)
_TOOLS = Structure(
    {
        "tools": ListOf(_TOOL, 1),
        "toolChoice": Union(
            "ToolChoice",
            {"auto": Structure({}), "any": Structure({}), "tool": Structure({"name": TOOL_NAME}, ("name",))},
        ),
    },
    ("tools",),
)
_GUARDRAIL = Structure(
    {
        "guardrailIdentifier": Text(
            0, 2048, r"(|([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+))"
        ),
        "guardrailVersion": Text(pattern=r"(|([1-9][0-9]{0,7})|(DRAFT))"),
        "trace": Text(choices=("enabled", "disabled", "enabled_full")),
    }
)
_STREAM_GUARDRAIL = Structure({**_GUARDRAIL.members, "streamProcessingMode": Text(choices=("sync", "async"))})
_OUTPUT = Structure(
    {
        "textFormat": Structure(
            {
                "type": Text(choices=("json_schema",)),
                "structure": Union(
                    "OutputFormatStructure",
                    {
                        "jsonSchema": Structure(
                            {"schema": Text(), "name": Text(), "description": Text()},
                            ("schema",),
                        )
                    },
                ),
            },
            ("type", "structure"),
        ),
        "effort": Text(0, 16),
    }
)
_PROJECT = (
    r"([a-zA-Z0-9_-]+|arn:aws(|-us-gov|-cn|-iso|-iso-b|-iso-f|-eusc):bedrock:[0-9a-z-]{1,20}:[0-9]{12}:project/"
    r"[a-zA-Z0-9_-]+)"
)
_WORDS = r"[a-zA-Z0-9\s:_@$#=/+,-.]"
CONVERSE = Structure(
    {
        "messages": _MESSAGES,
        "system": _SYSTEM,
        "inferenceConfig": _INFERENCE,
        "toolConfig": _TOOLS,
        "guardrailConfig": _GUARDRAIL,
        "projectIdentifier": Text(1, 2048, _PROJECT),
        "additionalModelRequestFields": Free(),
        "promptVariables": MapOf(Text(), Union("PromptVariableValues", {"text": Text()})),
        "additionalModelResponseFieldPaths": ListOf(Text(1, 256), 0, 10),
        "requestMetadata": MapOf(Text(1, 256, f"{_WORDS}{{1,256}}"), Text(0, 256, f"{_WORDS}{{0,256}}"), 1, 16),
        "performanceConfig": Structure({"latency": Text(choices=("standard", "optimized"))}),
        "serviceTier": Structure({"type": Text(choices=("priority", "default", "flex", "reserved"))}, ("type",)),
        "outputConfig": _OUTPUT,
    }
)
CONVERSE_STREAM = Structure({**CONVERSE.members, "guardrailConfig": _STREAM_GUARDRAIL})
COUNT_TOKENS = Structure(
    {
        "input": Union(
            "CountTokensInput",
            {
                "invokeModel": Structure({"body": Blob(0, 25_000_000)}, ("body",)),
                "converse": Structure(
                    {
                        "messages": _MESSAGES,
                        "system": _SYSTEM,
                        "toolConfig": _TOOLS,
                        "additionalModelRequestFields": Free(),
                    }
                ),
            },
        )
    },
    ("input",),
)
MODEL_ID = Text(1, 2048, r"[a-zA-Z0-9-:./_]+")
