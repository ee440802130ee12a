"""The shapes of content blocks, exact: an unknown field, a missing one or a wrong type is refused.

Facts: anthropic 2.11.0, `types/*_block_param.py` and `types/*_source_param.py`, read 2026-11-21.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, TypeAlias

from pydantic import ConfigDict, Discriminator, Field, StringConstraints, Tag, with_config
from typing_extensions import TypedDict

EXACT = ConfigDict(extra="forbid", strict=True)
# The branches of a union that the vendor's error paths do not name begin so; see `validation`.
HIDDEN = "$"
_Id: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9_-]+$")]


def _text_or_blocks(value: Any) -> str:
    return f"{HIDDEN}text" if isinstance(value, str) else f"{HIDDEN}blocks"


@with_config(EXACT)
class CacheControl(TypedDict):
    """A breakpoint of the prompt cache."""

    type: Literal["ephemeral"]
    ttl: NotRequired[Literal["5m", "1h"]]


@with_config(EXACT)
class CitationsConfig(TypedDict):
    """Whether a document may be cited."""

    enabled: NotRequired[bool]


@with_config(EXACT)
class TextBlock(TypedDict):
    """Text; its citations are checked by their type only."""

    type: Literal["text"]
    text: str
    cache_control: NotRequired[CacheControl | None]
    citations: NotRequired[list[dict[str, Any]] | None]


@with_config(EXACT)
class Base64Image(TypedDict):
    """The bytes of an image."""

    type: Literal["base64"]
    media_type: Literal["image/jpeg", "image/png", "image/gif", "image/webp"]
    data: str


@with_config(EXACT)
class UrlSource(TypedDict):
    """An address."""

    type: Literal["url"]
    url: str


@with_config(EXACT)
class FileSource(TypedDict):
    """A file uploaded before."""

    type: Literal["file"]
    file_id: str


@with_config(EXACT)
class Transformations(TypedDict):
    """What is done to an image that is too large."""

    oversized_image: NotRequired[Literal["downsize", "error"]]


@with_config(EXACT)
class ImageBlock(TypedDict):
    """An image."""

    type: Literal["image"]
    source: Annotated[Base64Image | UrlSource | FileSource, Discriminator("type")]
    cache_control: NotRequired[CacheControl | None]
    transformations: NotRequired[Transformations | None]


@with_config(EXACT)
class Base64Pdf(TypedDict):
    """The bytes of a PDF."""

    type: Literal["base64"]
    media_type: Literal["application/pdf"]
    data: str


@with_config(EXACT)
class PlainText(TypedDict):
    """A document of plain text."""

    type: Literal["text"]
    media_type: Literal["text/plain"]
    data: str


_DocumentPart: TypeAlias = Annotated[TextBlock | ImageBlock, Discriminator("type")]


@with_config(EXACT)
class ContentSource(TypedDict):
    """A document made of blocks."""

    type: Literal["content"]
    content: Annotated[
        Annotated[str, Tag("$text")] | Annotated[list[_DocumentPart], Tag("$blocks")], Discriminator(_text_or_blocks)
    ]


@with_config(EXACT)
class DocumentBlock(TypedDict):
    """A document."""

    type: Literal["document"]
    source: Annotated[Base64Pdf | PlainText | ContentSource | UrlSource | FileSource, Discriminator("type")]
    cache_control: NotRequired[CacheControl | None]
    citations: NotRequired[CitationsConfig | None]
    context: NotRequired[str | None]
    title: NotRequired[str | None]


@with_config(EXACT)
class SearchResultBlock(TypedDict):
    """A result of the user's own search."""

    type: Literal["search_result"]
    source: str
    title: str
    content: list[TextBlock]
    cache_control: NotRequired[CacheControl | None]
    citations: NotRequired[CitationsConfig]


@with_config(EXACT)
class ThinkingBlock(TypedDict):
    """Thinking of an earlier turn, with its signature."""

    type: Literal["thinking"]
    thinking: str
    signature: str


@with_config(EXACT)
class RedactedThinkingBlock(TypedDict):
    """Thinking of an earlier turn that is not shown."""

    type: Literal["redacted_thinking"]
    data: str


@with_config(EXACT)
class Caller(TypedDict):
    """Who called a tool."""

    type: Literal["direct", "code_execution_20250825", "code_execution_20260120"]
    tool_id: NotRequired[str]


@with_config(EXACT)
class ToolUseBlock(TypedDict):
    """A call the model made."""

    type: Literal["tool_use"]
    id: _Id
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    input: dict[str, Any]
    cache_control: NotRequired[CacheControl | None]
    caller: NotRequired[Caller | None]
    toolset_name: NotRequired[str | None]


@with_config(EXACT)
class ToolReferenceBlock(TypedDict):
    """The name of a tool that a search found."""

    type: Literal["tool_reference"]
    tool_name: str
    cache_control: NotRequired[CacheControl | None]


_ResultPart: TypeAlias = Annotated[
    TextBlock | ImageBlock | SearchResultBlock | DocumentBlock | ToolReferenceBlock, Discriminator("type")
]


@with_config(EXACT)
class ToolResultBlock(TypedDict):
    """What a call returned."""

    type: Literal["tool_result"]
    tool_use_id: _Id
    content: NotRequired[
        Annotated[
            Annotated[str, Tag("$text")] | Annotated[list[_ResultPart], Tag("$blocks")], Discriminator(_text_or_blocks)
        ]
    ]
    is_error: NotRequired[bool]
    cache_control: NotRequired[CacheControl | None]
    toolset_name: NotRequired[str | None]


@with_config(EXACT)
class ServerToolUseBlock(TypedDict):
    """A call the vendor's own tools answered."""

    type: Literal["server_tool_use"]
    id: Annotated[str, StringConstraints(pattern=r"^srvtoolu_[a-zA-Z0-9_]+$")]
    name: Literal[
        "web_search",
        "web_fetch",
        "code_execution",
        "bash_code_execution",
        "text_editor_code_execution",
        "tool_search_tool_regex",
        "tool_search_tool_bm25",
    ]
    input: dict[str, Any]
    cache_control: NotRequired[CacheControl | None]
    caller: NotRequired[Caller | None]


@with_config(EXACT)
class ServerToolResultBlock(TypedDict):
    """What the vendor's own tools returned; the content is taken back as it is."""

    type: Literal[
        "web_search_tool_result",
        "web_fetch_tool_result",
        "code_execution_tool_result",
        "bash_code_execution_tool_result",
        "text_editor_code_execution_tool_result",
        "tool_search_tool_result",
    ]
    tool_use_id: Annotated[str, StringConstraints(pattern=r"^srvtoolu_[a-zA-Z0-9_]+$")]
    content: Annotated[dict[str, Any] | list[dict[str, Any]], Field(union_mode="left_to_right")]
    cache_control: NotRequired[CacheControl | None]
    caller: NotRequired[Caller | None]


_Block: TypeAlias = Annotated[
    TextBlock
    | ImageBlock
    | DocumentBlock
    | SearchResultBlock
    | ThinkingBlock
    | RedactedThinkingBlock
    | ToolUseBlock
    | ToolResultBlock
    | ServerToolUseBlock
    | ServerToolResultBlock,
    Discriminator("type"),
]
Content: TypeAlias = Annotated[
    Annotated[str, Tag("$text")] | Annotated[list[_Block], Tag("$blocks")], Discriminator(_text_or_blocks)
]
System: TypeAlias = Annotated[
    Annotated[str, Tag("$text")] | Annotated[list[TextBlock], Tag("$blocks")], Discriminator(_text_or_blocks)
]
