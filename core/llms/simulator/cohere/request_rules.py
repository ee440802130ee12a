"""Rules of a chat request beyond the shape of its fields: ranges, what excludes what, and what a model can do.

Ranges: cohere 7.3.1, `v2/client.py`; `strict_tools`: Cohere, "Structured Outputs"; both read 2026-11-21.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from core.llms.simulator.cohere.errors import ApiError, invalid_request
from core.llms.simulator.cohere.message_rules import check_messages, count_images

if TYPE_CHECKING:
    from core.llms.simulator.cohere.models import ChatModel

_RANGES = {
    "temperature": (0, 1.0),
    "frequency_penalty": (0, 1),
    "presence_penalty": (0, 1),
    "k": (0, 500),
    "p": (0.01, 0.99),
}
_TOOL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MOST_STOP_SEQUENCES = 5
_MOST_STRICT_FIELDS = 200
_MOST_IMAGES = 20


def check_request(body: dict[str, Any], model: ChatModel) -> None:
    """Check a request whose shape is checked. Raises: ApiError."""
    check_messages(body["messages"])
    _check_sampling(body)
    _check_images(body, model)
    _check_thinking(body.get("thinking"), model)
    _check_tools(body, model)
    _check_documents(body.get("documents") or [])
    _check_form(body)
    _check_safety(body, model)


def _check_sampling(body: dict[str, Any]) -> None:
    for name, (least, most) in _RANGES.items():
        if not least <= body.get(name, least) <= most:
            raise invalid_request(f"{name} must be between {least} and {most} inclusive.")
    if body.get("max_tokens", 1) < 1:
        raise invalid_request("max_tokens must be greater than or equal to 1.")
    if body.get("seed", 0) < 0 or body.get("priority", 0) < 0:
        name = "seed" if body.get("seed", 0) < 0 else "priority"
        raise invalid_request(f"{name} must be greater than or equal to 0.")
    count = len(body.get("stop_sequences", ()))
    if count > _MOST_STOP_SEQUENCES:
        raise invalid_request(f"number of stop_sequences must be at most {_MOST_STOP_SEQUENCES} - received {count}")


def _check_images(body: dict[str, Any], model: ChatModel) -> None:
    count = count_images(body["messages"])
    if count and not model.sees:
        raise invalid_request(f"image content is not supported by the provided model: {model.name}.")
    if count > _MOST_IMAGES:
        raise invalid_request(f"total number of images must be at most {_MOST_IMAGES} - received {count}")


def _check_thinking(thinking: dict[str, Any] | None, model: ChatModel) -> None:
    if thinking is None:
        return
    if not model.reasons:
        raise invalid_request(f"thinking is not supported by the provided model: {model.name}.")
    if thinking.get("token_budget", 1) < 1:
        raise invalid_request("thinking token_budget must be a positive integer.")


def _check_tools(body: dict[str, Any], model: ChatModel) -> None:
    tools = [tool["function"] for tool in body.get("tools", ())]
    if tools and not model.calls_tools:
        raise invalid_request(f"multi step is not supported by the provided model: {model.name}.")
    for tool in tools:
        _check_tool(tool)
    if len({tool["name"] for tool in tools}) < len(tools):
        raise invalid_request("tool names must be unique.")
    choice = body.get("tool_choice")
    if choice is not None and not model.chooses_tools:
        raise invalid_request(f"tool_choice is not supported by the provided model: {model.name}.")
    if choice == "REQUIRED" and not tools:
        raise invalid_request("tools must be provided when tool_choice is 'REQUIRED'.")
    if body.get("strict_tools"):
        _check_strict(tools)


def _check_tool(tool: dict[str, Any]) -> None:
    name = tool["name"]
    if not _TOOL_NAME.fullmatch(name):
        raise invalid_request(
            "tool names can only contain certain characters (A-Za-z0-9_) and can't begin with a digit "
            f"(provided name: '{name}')."
        )
    _check_schema(tool["parameters"], needs_properties=False)


def _check_strict(tools: list[dict[str, Any]]) -> None:
    for tool in tools:
        if not tool["parameters"].get("required"):
            raise invalid_request(f"the '{tool['name']}' tool must have at least one required parameter.")
    count = sum(len(tool["parameters"].get("properties", {})) for tool in tools)
    if count > _MOST_STRICT_FIELDS:
        raise invalid_request(f"total number of fields must be at most {_MOST_STRICT_FIELDS} - received {count}")


def _check_documents(documents: list[Any]) -> None:
    seen: dict[str, int] = {}
    for index, document in enumerate(documents):
        if not (document["data"] if isinstance(document, dict) else document):
            raise invalid_request(f"document at index {index} cannot be empty")
        identity = document.get("id") if isinstance(document, dict) else None
        if identity is None:
            continue
        if identity in seen:
            raise invalid_request(f"duplicate document ID {identity} at index {index} and {seen[identity]}")
        seen[identity] = index


def _check_form(body: dict[str, Any]) -> None:
    form = body.get("response_format") or {"type": "text"}
    if form["type"] == "text":
        return
    if body.get("documents"):
        raise invalid_request("response_format is not supported with RAG.")
    if body.get("tools"):
        raise invalid_request("response_format is not supported with tools.")
    schema = form.get("json_schema") or form.get("schema")
    if schema is not None:
        _check_schema(schema, needs_properties=True)


def _check_schema(schema: dict[str, Any], *, needs_properties: bool) -> None:
    """Check the top of a schema, and that what is required is there."""
    if schema.get("type", "object") != "object" or (needs_properties and "type" not in schema):
        raise ApiError("schema must be an object")
    properties = schema.get("properties", {})
    if not isinstance(properties, dict) or not isinstance(schema.get("required", []), list):
        raise ApiError("schema must be an object")
    if any(name not in properties for name in schema.get("required", ())):
        raise ApiError("required field name not found in properties")
    for name, inner in properties.items():
        if not isinstance(inner, dict) or not _says_its_type(inner):
            raise ApiError(f"property {name} must have a type")


def _says_its_type(schema: dict[str, Any]) -> bool:
    return bool({"type", "enum", "const", "anyOf", "$ref"} & set(schema))


def _check_safety(body: dict[str, Any], model: ChatModel) -> None:
    mode = body.get("safety_mode")
    if mode == "OFF" and not model.safety_can_be_off:
        raise invalid_request(f"safety_mode 'OFF' is not supported by the provided model: {model.name}.")
    if mode is not None and (body.get("tools") or body.get("documents")):
        raise invalid_request("safety_mode is not supported with tools or documents.")
