"""Rules between the messages of a request: who may say what, in which order, and what may not be empty."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

from core.llms.simulator.anthropic.seals import is_sealed_data, is_sealed_thinking
from core.llms.simulator.bedrock.blocks import Placed, all_blocks, lay_out
from core.llms.simulator.bedrock.claude import claude_of
from core.llms.simulator.bedrock.errors import ApiError, model_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.llms.simulator.bedrock.models import Model

_OF_ASSISTANT = ("toolUse", "reasoningContent", "citationsContent")
_OF_USER = ("image", "document", "video", "audio", "searchResult", "guardContent")
_NEVER_TAKEN = ("toolAddition", "toolRemoval")
_DOCUMENT_NAME = re.compile(r"(?:[a-zA-Z0-9()\[\]-]|\s(?!\s))+")
_MOST_IMAGES = 20
_MOST_DOCUMENTS = 5


def check_messages(body: dict[str, Any], model: Model) -> None:
    """Check the conversation. Raises: ApiError."""
    messages = body.get("messages", [])
    _check_roles(messages, model)
    for index, message in enumerate(messages):
        _check_content(message["role"], lay_out(message, index), index)
    _check_tool_calls(messages)
    _check_documents(body)
    if model.family == "claude":
        _check_seals(body)
        _check_end(messages[-1], model)


def check_reasoning_comes_first(messages: Sequence[dict[str, Any]]) -> None:
    """Check that the model's last turn begins with reasoning where a tool's result follows it. Raises: ApiError."""
    last = max((index for index, message in enumerate(messages) if message["role"] == "assistant"), default=None)
    if last is None or last + 1 == len(messages):
        return
    if not any(placed.kind == "toolResult" for placed in lay_out(messages[last + 1], last + 1)):
        return
    first = lay_out(messages[last], last)[0]
    if first.kind != "reasoningContent":
        found = {"toolUse": "tool_use"}.get(first.kind, first.kind)
        raise model_error(
            f"{first.path}.type: Expected `thinking` or `redacted_thinking`, but found `{found}`. When `thinking` is "
            "enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of "
            "`tool_use` and `tool_result` blocks)."
        )


def _check_roles(messages: Sequence[dict[str, Any]], model: Model) -> None:
    if any(message["role"] == "system" for message in messages) and not _takes_system_messages(model):
        raise model_error("role 'system' is not supported on this model")
    spoken = [message["role"] for message in messages if message["role"] != "system"]
    if not spoken or messages[0]["role"] != "user":
        raise ApiError(
            "A conversation must start with a user message. Try again with a conversation that starts with a user "
            "message."
        )
    if any(before == role for before, role in itertools.pairwise(spoken)):
        raise ApiError(
            "A conversation must alternate between user and assistant roles. Make sure the conversation alternates "
            "between user and assistant roles and try again."
        )


def _takes_system_messages(model: Model) -> bool:
    return model.family == "claude" and claude_of(model).system_messages


def _check_content(role: str, blocks: Sequence[Placed], index: int) -> None:
    if not blocks:
        raise ApiError(
            f"The content field in the Message object at messages.{index} is empty. Add a ContentBlock object to the "
            "content field and try again."
        )
    blank = not any(placed.content.strip() for placed in blocks if placed.kind == "text")
    for placed in blocks:
        if placed.kind == "text" and (blank or not placed.content):
            raise ApiError(
                f"The text field in the ContentBlock object at {placed.path} is blank. Add text to the text field, "
                "and try again."
            )
        _check_place(placed, role)
    _check_numbers(blocks)


def _check_place(placed: Placed, role: str) -> None:
    allowed = {
        "user": placed.kind not in _OF_ASSISTANT,
        "assistant": placed.kind not in (*_OF_USER, "toolResult") or _is_server_side(placed),
        "system": placed.kind in ("text", "cachePoint"),
    }
    if placed.kind in _NEVER_TAKEN or not allowed[role]:
        raise ApiError(f"The {role} message at {placed.path} can't contain the {placed.kind} content block.")


def _is_server_side(placed: Placed) -> bool:
    """Whether it is what a tool of the vendor's own returned, which the model says itself."""
    return placed.kind == "toolResult" and "type" in placed.content


def _check_numbers(blocks: Iterable[Placed]) -> None:
    kinds = [placed.kind for placed in blocks]
    if kinds.count("image") > _MOST_IMAGES:
        raise ApiError(f"The number of images can't exceed {_MOST_IMAGES} in a message.")
    if kinds.count("document") > _MOST_DOCUMENTS:
        raise ApiError(f"The number of documents can't exceed {_MOST_DOCUMENTS} in a message.")
    if "document" in kinds and "text" not in kinds:
        raise ApiError("A text content block is required in a message with a document content block.")


def _check_tool_calls(messages: Sequence[dict[str, Any]]) -> None:
    before: list[str] = []
    for index, message in enumerate(messages):
        if message["role"] == "system":
            continue
        blocks = lay_out(message, index)
        results = [placed for placed in blocks if placed.kind == "toolResult" and not _is_server_side(placed)]
        _check_results(results, before, index)
        before = [
            placed.content["toolUseId"]
            for placed in blocks
            if placed.kind == "toolUse" and placed.content.get("type") != "server_tool_use"
        ]
        _check_unique(before, "toolUse", index)
    if before:
        _check_results([], before, len(messages))


def _check_results(results: Sequence[Placed], called: Sequence[str], index: int) -> None:
    answered = [placed.content["toolUseId"] for placed in results]
    _check_unique(answered, "toolResult", index)
    missing = [identity for identity in called if identity not in answered]
    if missing:
        raise ApiError(
            f"Expected toolResult blocks at messages.{index}.content for the following Ids: {_said(missing)}"
        )
    if len(answered) > len(called):
        raise ApiError(
            f"The number of toolResult blocks at messages.{index}.content exceeds the number of toolUse blocks of "
            "previous turn."
        )
    for placed in results:
        if placed.content.get("status") == "error" and not placed.content["content"]:
            raise ApiError(f"The content field at {placed.path}.toolResult cannot be empty when status value is error.")


def _check_unique(identities: Sequence[str], kind: str, index: int) -> None:
    twice = [identity for identity in identities if identities.count(identity) > 1]
    if twice:
        raise ApiError(
            f"The {kind} blocks at messages.{index}.content contain duplicate Ids: {_said(dict.fromkeys(twice))}"
        )


def _said(identities: Iterable[str]) -> str:
    return ", ".join(identities)


def _check_documents(body: dict[str, Any]) -> None:
    names: set[str] = set()
    for placed in all_blocks(body):
        if placed.kind != "document":
            continue
        name = placed.content["name"]
        if not _DOCUMENT_NAME.fullmatch(name):
            raise ApiError(
                "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, "
                "parentheses, and square brackets. The name can't contain more than one consecutive whitespace "
                "character."
            )
        if name in names:
            raise ApiError("Messages can not contain duplicate document names. Rename document and try again.")
        names.add(name)


def _check_seals(body: dict[str, Any]) -> None:
    for placed in all_blocks(body):
        if placed.kind != "reasoningContent":
            continue
        thought = placed.content.get("reasoningText")
        if thought is None:
            if not is_sealed_data(placed.content["redactedContent"]):
                raise model_error(f"{placed.path}: Invalid `data` in `redacted_thinking` block")
        elif "signature" not in thought:
            raise model_error(f"{placed.path}.thinking.signature: Field required")
        elif not is_sealed_thinking(thought["text"], thought["signature"]):
            raise model_error(f"{placed.path}: Invalid `signature` in `thinking` block")


def _check_end(last: dict[str, Any], model: Model) -> None:
    if last["role"] == "assistant" and not claude_of(model).prefills:
        raise model_error(
            "This model does not support assistant message prefill. The conversation must end with a user message."
        )
