"""A request as the brain sees it, and the sources that an answer can cite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from core.llms.simulator import conversation as plain
from core.llms.simulator.cohere.media import decode_image
from core.llms.simulator.cohere.message_rules import content_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

_MODES: dict[str | None, Literal["auto", "none", "required"]] = {"NONE": "none", "REQUIRED": "required", None: "auto"}


@dataclass(frozen=True, slots=True)
class Source:
    """What can be cited: a document of the request, or one piece of a tool's result."""

    kind: Literal["document", "tool"]
    id: str
    fields: dict[str, Any]

    @property
    def text(self) -> str:
        """All of its text."""
        return "\n".join([self.id, *(value for value in self.fields.values() if isinstance(value, str))])

    def to_json(self) -> dict[str, Any]:
        """The source as a citation names it."""
        if self.kind == "tool":
            return {"type": "tool", "id": self.id, "tool_output": self.fields}
        return {"type": "document", "id": self.id, "document": {"id": self.id, **self.fields}}


def to_conversation(body: dict[str, Any]) -> plain.Conversation:
    """The whole request. Raises: ApiError for what is no image."""
    return plain.Conversation(
        turns=_with_documents([_to_turn(message) for message in body["messages"]], list(_document_sources(body))),
        tools=tuple(_to_tool(tool["function"]) for tool in body.get("tools", ())),
        tool_choice=plain.ToolChoice(_MODES[body.get("tool_choice")]),
        output_form=_to_form(body.get("response_format") or {}),
    )


def _with_documents(turns: list[plain.Turn], sources: list[Source]) -> tuple[plain.Turn, ...]:
    """Documents are read before the user's last message, and are files of it."""
    last = max((index for index, turn in enumerate(turns) if turn.role == "user"), default=-1)
    if not sources or last < 0:
        return tuple(turns)
    read = plain.Turn("system", tuple(plain.Text(source.text) for source in sources))
    asked = plain.Turn("user", (*turns[last].parts, *(_to_file(source) for source in sources)))
    return (*turns[:last], read, asked, *turns[last + 1 :])


def find_sources(body: dict[str, Any]) -> list[Source]:
    """What the answer can cite: the documents, and what tools returned since the user last spoke."""
    messages = body["messages"]
    last = max((index for index, message in enumerate(messages) if message["role"] == "user"), default=-1)
    results = [message for message in messages[last + 1 :] if message["role"] == "tool"]
    return [*_document_sources(body), *(source for message in results for source in _result_sources(message))]


def _document_sources(body: dict[str, Any]) -> Iterator[Source]:
    for index, document in enumerate(body.get("documents") or ()):
        whole = {"data": document} if isinstance(document, str) else document
        yield Source("document", whole.get("id", f"doc:{index}"), _fields(whole["data"]))


def _result_sources(message: dict[str, Any]) -> Iterator[Source]:
    for index, block in enumerate(content_blocks(message["content"])):
        identity = f"{message['tool_call_id']}:{index}"
        if block["type"] == "document":
            document = block["document"]
            yield Source("tool", document.get("id", identity), _fields(document["data"]))
        else:
            yield Source("tool", identity, _parsed(block["text"]) or {"content": block["text"]})


def _fields(data: str | dict[str, Any]) -> dict[str, Any]:
    return data if isinstance(data, dict) else {"text": data}


def _parsed(content: str) -> dict[str, Any] | None:
    try:
        value = from_json(content)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _to_file(source: Source) -> plain.File:
    name = source.fields.get("title")
    return plain.File(name if isinstance(name, str) else source.id, data=source.text.encode())


def _to_turn(message: dict[str, Any]) -> plain.Turn:
    parts = tuple(part for block in content_blocks(message.get("content", [])) for part in _to_parts(block))
    calls = tuple(
        plain.ToolCall(call["function"]["name"], call["function"]["arguments"], call["id"])
        for call in message.get("tool_calls", ())
    )
    role: Literal["system", "user", "assistant", "tool"] = message["role"]
    return plain.Turn(role, parts, calls, message.get("tool_call_id"))


def _to_parts(block: dict[str, Any]) -> tuple[plain.Part, ...]:
    match block["type"]:
        case "text":
            return (plain.Text(block["text"]),) if block["text"] else ()
        case "image_url":
            return (decode_image(block["image_url"]["url"]),)
        case "document":
            return (plain.Text(document_text(block["document"]["data"])),)
    return ()


def document_text(data: str | dict[str, Any]) -> str:
    """The data of a document as text: its own, or JSON."""
    return data if isinstance(data, str) else to_json(data).decode()


def _to_tool(function: dict[str, Any]) -> plain.Tool:
    return plain.Tool(function["name"], function.get("description", ""), function["parameters"])


def _to_form(form: dict[str, Any]) -> plain.OutputForm:
    if form.get("type") != "json_object":
        return plain.OutputForm()
    schema = form.get("json_schema") or form.get("schema")
    return plain.OutputForm("json_object") if schema is None else plain.OutputForm("json_schema", schema)
