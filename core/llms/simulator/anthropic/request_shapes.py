"""The shape of a Messages request in each version of the API, and of a request to count its tokens.

Facts: anthropic 2.11.0, `types/message_create_params.py`, `types/message_count_tokens_params.py` and
`types/tool_*_param.py`, read 2026-11-21; version 2026-10-21 takes no sampling parameters (Anthropic, "Versions").
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, TypeAlias

from pydantic import ConfigDict, Discriminator, Field, StringConstraints, Tag, with_config
from typing_extensions import TypedDict

from core.llms.simulator.anthropic.block_shapes import EXACT, CacheControl, Content, System

_Unit: TypeAlias = Annotated[float, Field(ge=0, le=1)]
_Callers: TypeAlias = list[
    Literal["direct", "code_execution_20250825", "code_execution_20260120", "code_execution_20260521"]
]


@with_config(EXACT)
class Message(TypedDict):
    """One message of the conversation."""

    role: Literal["user", "assistant", "system"]
    content: Content


@with_config(EXACT)
class CustomTool(TypedDict):
    """A tool of the caller's own."""

    type: NotRequired[Literal["custom"] | None]
    name: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_-]{1,128}$")]
    input_schema: dict[str, Any]
    description: NotRequired[str]
    strict: NotRequired[bool]
    cache_control: NotRequired[CacheControl | None]
    defer_loading: NotRequired[bool]
    allowed_callers: NotRequired[_Callers]
    eager_input_streaming: NotRequired[bool | None]
    input_examples: NotRequired[list[dict[str, Any]]]


@with_config(EXACT)
class UserLocation(TypedDict):
    """Where the user is, for a search."""

    type: Literal["approximate"]
    city: NotRequired[str | None]
    country: NotRequired[Annotated[str, StringConstraints(min_length=2, max_length=2)] | None]
    region: NotRequired[str | None]
    timezone: NotRequired[str | None]


@with_config(EXACT)
class WebSearchTool(TypedDict):
    """The vendor's own search."""

    type: Literal["web_search_20250305", "web_search_20260209", "web_search_20260318"]
    name: Literal["web_search"]
    allowed_callers: NotRequired[_Callers]
    allowed_domains: NotRequired[list[str] | None]
    blocked_domains: NotRequired[list[str] | None]
    cache_control: NotRequired[CacheControl | None]
    defer_loading: NotRequired[bool]
    max_uses: NotRequired[Annotated[int, Field(gt=0)] | None]
    response_inclusion: NotRequired[Literal["full", "excluded"]]
    strict: NotRequired[bool]
    user_location: NotRequired[UserLocation | None]


@with_config(ConfigDict(extra="allow", strict=True))
class VendorTool(TypedDict):
    """Another tool of the vendor's making; taken as it is, and never called by the simulated model."""

    type: str
    name: NotRequired[Annotated[str, StringConstraints(min_length=1, max_length=128)]]
    cache_control: NotRequired[CacheControl | None]
    defer_loading: NotRequired[bool]


WEB_SEARCH_TYPES = ("web_search_20250305", "web_search_20260209", "web_search_20260318")
VENDOR_TYPES = frozenset(
    {
        "bash_20250124",
        "browser_toolset_20260801",
        "code_execution_20250522",
        "code_execution_20250825",
        "code_execution_20260120",
        "code_execution_20260521",
        "computer_toolset_20260801",
        "memory_20250818",
        "text_editor_20250124",
        "text_editor_20250429",
        "text_editor_20250728",
        "tool_search_tool_bm25_20251119",
        "tool_search_tool_regex_20251119",
        "web_fetch_20250910",
        "web_fetch_20260209",
        "web_fetch_20260309",
        "web_fetch_20260318",
    }
)


def is_custom(tool: dict[str, Any]) -> bool:
    """Whether a tool is the caller's own."""
    return tool.get("type") in (None, "custom")


def _tool_kind(value: Any) -> str:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind in WEB_SEARCH_TYPES:
        return "web_search"
    if kind is None or not isinstance(kind, str):
        return "custom"
    return "vendor" if kind in VENDOR_TYPES else kind


_Tool: TypeAlias = Annotated[
    Annotated[CustomTool, Tag("custom")]
    | Annotated[WebSearchTool, Tag("web_search")]
    | Annotated[VendorTool, Tag("vendor")],
    Discriminator(_tool_kind),
]


@with_config(EXACT)
class AutoChoice(TypedDict):
    """The model decides whether to call a tool."""

    type: Literal["auto"]
    disable_parallel_tool_use: NotRequired[bool]


@with_config(EXACT)
class AnyChoice(TypedDict):
    """The model must call some tool."""

    type: Literal["any"]
    disable_parallel_tool_use: NotRequired[bool]


@with_config(EXACT)
class NamedChoice(TypedDict):
    """The model must call one tool."""

    type: Literal["tool"]
    name: str
    disable_parallel_tool_use: NotRequired[bool]


@with_config(EXACT)
class NoChoice(TypedDict):
    """The model must not call a tool."""

    type: Literal["none"]


@with_config(EXACT)
class EnabledThinking(TypedDict):
    """Thinking up to a budget."""

    type: Literal["enabled"]
    budget_tokens: Annotated[int, Field(ge=1024)]
    display: NotRequired[Literal["summarized", "omitted"] | None]


@with_config(EXACT)
class AdaptiveThinking(TypedDict):
    """Thinking as the model sees fit."""

    type: Literal["adaptive"]
    display: NotRequired[Literal["summarized", "omitted"] | None]


@with_config(EXACT)
class DisabledThinking(TypedDict):
    """No thinking."""

    type: Literal["disabled"]


@with_config(EXACT)
class BetweenToolsThinking(TypedDict):
    """Notes between calls of tools, and no other thinking."""

    type: Literal["between_tools"]


@with_config(EXACT)
class JsonFormat(TypedDict):
    """The schema the answer must fit."""

    type: Literal["json_schema"]
    schema: dict[str, Any]


@with_config(EXACT)
class OutputConfig(TypedDict):
    """How much effort to make, and the form of the answer."""

    effort: NotRequired[Literal["low", "medium", "high", "xhigh", "max"] | None]
    format: NotRequired[JsonFormat | None]


@with_config(EXACT)
class Metadata(TypedDict):
    """Who the request is for."""

    user_id: NotRequired[Annotated[str, StringConstraints(max_length=256)] | None]


@with_config(EXACT)
class Diagnostics(TypedDict):
    """The message whose prompt is compared for the cache."""

    previous_message_id: NotRequired[str | None]


@with_config(EXACT)
class CountRequest(TypedDict):
    """What counting takes; everything that makes up a prompt."""

    model: Annotated[str, StringConstraints(min_length=1, max_length=256)]
    messages: Annotated[list[Message], Field(max_length=100_000)]
    cache_control: NotRequired[CacheControl | None]
    output_config: NotRequired[OutputConfig]
    speed: NotRequired[Literal["standard", "fast"] | None]
    system: NotRequired[System]
    thinking: NotRequired[
        Annotated[EnabledThinking | AdaptiveThinking | DisabledThinking | BetweenToolsThinking, Discriminator("type")]
    ]
    tool_choice: NotRequired[Annotated[AutoChoice | AnyChoice | NamedChoice | NoChoice, Discriminator("type")]]
    tools: NotRequired[list[_Tool]]
    user_profile_id: NotRequired[str]


@with_config(EXACT)
class MessagesRequest(CountRequest):
    """A request in version 2026-10-21."""

    max_tokens: Annotated[int, Field(ge=0)]
    container: NotRequired[str | None]
    diagnostics: NotRequired[Diagnostics | None]
    inference_geo: NotRequired[Literal["us", "global"] | None]
    metadata: NotRequired[Metadata]
    service_tier: NotRequired[Literal["auto", "standard_only"]]
    stop_sequences: NotRequired[list[str]]
    stream: NotRequired[bool]


@with_config(EXACT)
class SamplingRequest(MessagesRequest):
    """A request in version 2023-06-01."""

    temperature: NotRequired[_Unit]
    top_p: NotRequired[_Unit]
    top_k: NotRequired[Annotated[int, Field(ge=0)]]
