"""Strategies of requests and of what vendors answer, with every kind of part."""

from __future__ import annotations

from hypothesis import strategies as st

from core.llms import (
    AssistantMessage,
    CachePoint,
    Choice,
    EmbeddingRequest,
    EmbeddingResponse,
    FilePart,
    FinishReason,
    ImagePart,
    LLMRequest,
    LLMResponse,
    Message,
    OpaquePart,
    ReasoningPart,
    RefusalPart,
    ResponseFormat,
    ServerTool,
    SystemMessage,
    TextPart,
    Tool,
    ToolCall,
    ToolChoice,
    ToolMessage,
    Usage,
    UserMessage,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
SCALARS = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | TEXTS
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3))
OBJECTS = st.dictionaries(NAMES, JSON, min_size=1, max_size=3)
MAYBE_OBJECT = st.none() | OBJECTS
MAYBE_NAME = st.none() | NAMES

TEXT_PARTS = st.builds(TextPart, TEXTS, st.lists(OBJECTS, max_size=2).map(tuple), MAYBE_NAME, MAYBE_OBJECT)
TOOL_CALLS = st.builds(
    ToolCall.parse,
    NAMES,
    NAMES,
    st.sampled_from(['{"city": "Rome"}', "", "not JSON", "[1]", '{"a": {"b": [1, 2.5, null]}}']),
    item_id=MAYBE_NAME,
    signature=MAYBE_NAME,
    origin=MAYBE_NAME,
    extra=MAYBE_OBJECT,
)
REASONING_PARTS = st.builds(
    ReasoningPart, TEXTS, signature=MAYBE_NAME, redacted=MAYBE_NAME, id=MAYBE_NAME, origin=MAYBE_NAME, raw=MAYBE_OBJECT
)
ANSWER_PARTS = (
    TEXT_PARTS
    | TOOL_CALLS
    | REASONING_PARTS
    | st.builds(RefusalPart, TEXTS, MAYBE_NAME, MAYBE_OBJECT)
    | st.builds(OpaquePart, NAMES, OBJECTS)
)
ANSWER_MESSAGES = st.builds(
    AssistantMessage, TEXTS | st.lists(ANSWER_PARTS, max_size=4).map(tuple), MAYBE_NAME, id=MAYBE_NAME
)
MEDIA_PARTS = st.builds(ImagePart, data=st.binary(min_size=1, max_size=8)) | st.builds(
    FilePart, data=st.binary(min_size=1, max_size=8), filename=MAYBE_NAME
)
MESSAGES: st.SearchStrategy[Message] = (
    st.builds(SystemMessage, TEXTS)
    | st.builds(UserMessage, TEXTS | st.lists(TEXT_PARTS | MEDIA_PARTS | st.just(CachePoint()), max_size=3).map(tuple))
    | ANSWER_MESSAGES
    | st.builds(ToolMessage, TEXTS, NAMES, is_error=st.booleans())
)
TOOLS = st.builds(Tool, NAMES, st.none() | TEXTS, OBJECTS, st.none() | st.booleans()) | st.builds(ServerTool, OBJECTS)
TOOL_CHOICES = st.sampled_from([None, ToolChoice("auto"), ToolChoice("required"), ToolChoice("named", "weather")])
FORMATS = st.none() | st.builds(
    lambda schema, strict: ResponseFormat("json_schema", "answer", schema, strict),
    OBJECTS,
    st.none() | st.booleans(),
)


@st.composite
def requests(draw: st.DrawFn) -> LLMRequest:
    """Requests of every shape."""
    return LLMRequest(
        draw(NAMES),
        tuple(draw(st.lists(MESSAGES, min_size=1, max_size=3))),
        draw(st.dictionaries(NAMES, JSON, max_size=3)),
        tuple(draw(st.lists(TOOLS, max_size=2))),
        draw(TOOL_CHOICES),
        draw(FORMATS),
        draw(st.dictionaries(NAMES, JSON, max_size=2)),
    )


EMBEDDING_REQUESTS = st.builds(
    EmbeddingRequest,
    NAMES,
    st.lists(TEXTS, min_size=1, max_size=3).map(tuple),
    st.none() | st.integers(1, 4096),
    MAYBE_NAME,
    st.dictionaries(NAMES, JSON, max_size=2),
)
COUNTS = st.integers(0, 10**9)
MONEY = st.none() | st.decimals(0, 1000, places=9)
USAGES = st.builds(
    Usage,
    COUNTS,
    COUNTS,
    COUNTS,
    reasoning_tokens=COUNTS,
    service_tier=MAYBE_NAME,
    reported_cost=MONEY,
    raw=MAYBE_OBJECT,
)
FINISHES = st.builds(FinishReason, st.sampled_from(["stop", "length", "tool_calls", "refusal"]), MAYBE_NAME)
RESPONSES = st.builds(
    LLMResponse,
    st.lists(st.builds(Choice, ANSWER_MESSAGES, FINISHES, MAYBE_OBJECT, MAYBE_OBJECT), min_size=1, max_size=2).map(
        tuple
    ),
    USAGES,
    NAMES,
    MAYBE_NAME,
    NAMES,
    MAYBE_NAME,
    MONEY,
    warnings=st.lists(TEXTS, max_size=2).map(tuple),
    raw=OBJECTS,
)
VECTORS = st.lists(st.floats(allow_nan=False, allow_infinity=False, width=64), min_size=1, max_size=4).map(tuple)
EMBEDDING_RESPONSES = st.builds(
    EmbeddingResponse, st.lists(VECTORS, min_size=1, max_size=3).map(tuple), USAGES, NAMES, NAMES, MAYBE_NAME, MONEY
)
