"""The shapes of content blocks, as the service's model has them.

Facts: botocore 1.44, bedrock-runtime 2023-09-30, read 2026-11-21; the tests compare every member with it.
"""

from __future__ import annotations

from core.llms.simulator.bedrock.shapes import Blob, Flag, Free, ListOf, Structure, Text, Union, Whole

_NOT_NEGATIVE = Whole(0)
_ERROR = Structure({"message": Text()})
TOOL_NAME = Text(1, 64, r"[a-zA-Z0-9_-]+")
_TOOL_USE_ID = Text(1, 64, r"[a-zA-Z0-9_.:-]+")
_S3_LOCATION = Structure(
    {
        "uri": Text(1, 1024, r"s3://[a-z0-9][\.\-a-z0-9]{1,61}[a-z0-9](/.*)?"),
        "bucketOwner": Text(pattern=r"[0-9]{12}"),
    },
    ("uri",),
)
_BYTES = Blob(1)
_CITATIONS = Structure({"enabled": Flag()}, ("enabled",))
CACHE_POINT = Structure({"type": Text(choices=("default",)), "ttl": Text(choices=("5m", "1h"))}, ("type",))

_IMAGE = Structure(
    {
        "format": Text(choices=("png", "jpeg", "gif", "webp")),
        "source": Union("ImageSource", {"bytes": _BYTES, "s3Location": _S3_LOCATION}),
        "error": _ERROR,
    },
    ("format", "source"),
)
_DOCUMENT = Structure(
    {
        "format": Text(choices=("pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md")),
        "name": Text(1, 200),
        "source": Union(
            "DocumentSource",
            {
                "bytes": _BYTES,
                "s3Location": _S3_LOCATION,
                "text": Text(),
                "content": ListOf(Union("DocumentContentBlock", {"text": Text()})),
            },
        ),
        "context": Text(),
        "citations": _CITATIONS,
    },
    ("name", "source"),
)
_VIDEO = Structure(
    {
        "format": Text(choices=("mkv", "mov", "mp4", "webm", "flv", "mpeg", "mpg", "wmv", "three_gp")),
        "source": Union("VideoSource", {"bytes": _BYTES, "s3Location": _S3_LOCATION}),
    },
    ("format", "source"),
)
_SOUNDS = (
    "mp3", "opus", "wav", "aac", "flac", "mp4", "ogg", "mkv", "mka", "x-aac", "m4a", "mpeg", "mpga", "pcm", "webm",
)  # fmt: skip
_AUDIO = Structure(
    {
        "format": Text(choices=_SOUNDS),
        "source": Union("AudioSource", {"bytes": _BYTES, "s3Location": _S3_LOCATION}),
        "error": _ERROR,
    },
    ("format", "source"),
)
_SEARCH_RESULT = Structure(
    {
        "source": Text(),
        "title": Text(),
        "content": ListOf(Structure({"text": Text()}, ("text",))),
        "citations": _CITATIONS,
    },
    ("source", "title", "content"),
)
_TOOL_USE = Structure(
    {"toolUseId": _TOOL_USE_ID, "name": TOOL_NAME, "input": Free(), "type": Text(choices=("server_tool_use",))},
    ("toolUseId", "name", "input"),
)
_TOOL_RESULT = Structure(
    {
        "toolUseId": _TOOL_USE_ID,
        "content": ListOf(
            Union(
                "ToolResultContentBlock",
                {
                    "json": Free(),
                    "text": Text(),
                    "image": _IMAGE,
                    "document": _DOCUMENT,
                    "video": _VIDEO,
                    "searchResult": _SEARCH_RESULT,
                },
            )
        ),
        "status": Text(choices=("success", "error")),
        "type": Text(),
    },
    ("toolUseId", "content"),
)
GUARD_CONTENT = Union(
    "GuardrailConverseContentBlock",
    {
        "text": Structure(
            {"text": Text(), "qualifiers": ListOf(Text(choices=("grounding_source", "query", "guard_content")))},
            ("text",),
        ),
        "image": Structure(
            {
                "format": Text(choices=("png", "jpeg")),
                "source": Union("GuardrailConverseImageSource", {"bytes": _BYTES}),
            },
            ("format", "source"),
        ),
    },
)
_PLACE = Structure({"documentIndex": _NOT_NEGATIVE, "start": _NOT_NEGATIVE, "end": _NOT_NEGATIVE})
_CITATION = Structure(
    {
        "title": Text(),
        "source": Text(),
        "sourceContent": ListOf(Union("CitationSourceContent", {"text": Text()})),
        "location": Union(
            "CitationLocation",
            {
                "web": Structure({"url": Text(), "domain": Text()}),
                "documentChar": _PLACE,
                "documentPage": _PLACE,
                "documentChunk": _PLACE,
                "searchResultLocation": Structure(
                    {"searchResultIndex": _NOT_NEGATIVE, "start": _NOT_NEGATIVE, "end": _NOT_NEGATIVE}
                ),
            },
        ),
    }
)
_CITED = Structure(
    {
        "content": ListOf(Union("CitationGeneratedContent", {"text": Text()})),
        "citations": ListOf(_CITATION),
    }
)
_TOOL_CHANGE = Structure(
    {"tool": Structure({"type": Text(1, 64), "name": Text(1, 128), "serverName": Text(1, 128)})}, ("tool",)
)
_REASONING = Union(
    "ReasoningContentBlock",
    {
        "reasoningText": Structure({"text": Text(), "signature": Text()}, ("text",)),
        "redactedContent": Blob(),
    },
)
CONTENT_BLOCK = Union(
    "ContentBlock",
    {
        "text": Text(),
        "image": _IMAGE,
        "document": _DOCUMENT,
        "video": _VIDEO,
        "audio": _AUDIO,
        "toolUse": _TOOL_USE,
        "toolResult": _TOOL_RESULT,
        "guardContent": GUARD_CONTENT,
        "cachePoint": CACHE_POINT,
        "reasoningContent": _REASONING,
        "citationsContent": _CITED,
        "searchResult": _SEARCH_RESULT,
        "toolAddition": _TOOL_CHANGE,
        "toolRemoval": _TOOL_CHANGE,
    },
)
