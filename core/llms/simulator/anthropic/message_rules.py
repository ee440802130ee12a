"""Rules between the messages of a request: who may say what, in which order, and what may not be empty."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from core.llms.simulator.anthropic.auth import LATEST_VERSION
from core.llms.simulator.anthropic.errors import ApiError
from core.llms.simulator.anthropic.seals import is_sealed_data, is_sealed_thinking
from core.llms.simulator.anthropic.turns import THINKING_TYPES, Placed, Turn, all_blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.llms.simulator.anthropic.models import Model

# A turn that paused inside a server tool is sent back as it is, and goes on.
_OF_SERVER = (
    "server_tool_use",
    "web_search_tool_result",
    "web_fetch_tool_result",
    "code_execution_tool_result",
    "bash_code_execution_tool_result",
    "text_editor_code_execution_tool_result",
    "tool_search_tool_result",
)
_OF_ASSISTANT = (*THINKING_TYPES, "tool_use", *_OF_SERVER)
_OF_USER = ("image", "search_result", "tool_result")
_THINKING_GUIDE = "https://docs.claude.com/en/docs/build-with-claude/extended-thinking"


def check_messages(body: dict[str, Any], turns: Sequence[Turn], model: Model, version: str) -> None:
    """Check the conversation. Raises: ApiError."""
    if not turns:
        raise ApiError("messages: at least one message is required")
    _check_roles(turns, model)
    _check_not_empty(body, turns)
    for turn in turns:
        for placed in turn.blocks:
            _check_place(placed, turn.role, version)
    _check_tool_calls(turns)
    _check_thinking(turns)
    _check_end(turns, model)


def check_thinking_comes_first(turns: Sequence[Turn]) -> None:
    """Check that the last turn of the model, where it is still at work, begins with thinking. Raises: ApiError."""
    last = next((turn for turn in reversed(turns) if turn.role == "assistant"), None)
    if last is None or not _is_unfinished(turns, last):
        return
    first = last.blocks[0]
    if first.type not in THINKING_TYPES:
        raise ApiError(
            f"{first.path}.type: Expected `thinking` or `redacted_thinking`, but found `{first.type}`. When `thinking` "
            "is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of "
            "`tool_use` and `tool_result` blocks). We recommend you include thinking blocks from previous turns. To "
            f"avoid this requirement, disable `thinking`. Please consult our documentation at {_THINKING_GUIDE}"
        )


def _is_unfinished(turns: Sequence[Turn], last: Turn) -> bool:
    if turns[-1] is last:
        return True
    following = turns[turns.index(last) + 1]
    return any(following.of_type("tool_result"))


def _check_roles(turns: Sequence[Turn], model: Model) -> None:
    if any(turn.role == "system" for turn in turns) and not model.system_messages:
        raise ApiError("role 'system' is not supported on this model")
    if turns[0].role != "user":
        raise ApiError('messages: first message must use the "user" role')
    for before, turn in itertools.pairwise(turns):
        if turn.role == "system" and before.role == "assistant":
            raise ApiError(f"messages.{turn.message}: a `system` message must immediately follow a `user` message")


def _check_not_empty(body: dict[str, Any], turns: Sequence[Turn]) -> None:
    last = len(body["messages"]) - 1
    for index, message in enumerate(body["messages"]):
        if not message["content"] and not (index == last and message["role"] == "assistant"):
            raise ApiError(
                f"messages.{index}: all messages must have non-empty content except for the optional final assistant "
                "message"
            )
    for placed in all_blocks(turns):
        if placed.type == "text":
            _check_text(placed.block, "messages", placed.typed_path)
    if isinstance(body.get("system"), list):
        for index, block in enumerate(body["system"]):
            _check_text(block, "system", f"system.{index}")


def _check_text(block: dict[str, Any], where: str, path: str) -> None:
    if not block["text"]:
        if block.get("cache_control") is not None:
            raise ApiError(f"{path}: cache_control cannot be set for empty text blocks")
        raise ApiError(f"{where}: text content blocks must be non-empty")
    if not block["text"].strip():
        raise ApiError(f"{where}: text content blocks must contain non-whitespace text")


def _check_place(placed: Placed, role: str, version: str) -> None:
    kind = placed.type
    if role == "system" and kind != "text":
        raise ApiError(f"{placed.path}: `system` messages may only contain `text` blocks")
    if role == "user" and kind in _OF_ASSISTANT:
        raise ApiError(f"messages.{placed.message}: `{kind}` blocks can only be in `assistant` messages")
    refused_now = ("document",) if version == LATEST_VERSION else ()
    if role == "assistant" and kind in (*_OF_USER, *refused_now):
        raise ApiError(f"messages.{placed.message}: `{kind}` blocks can only be in `user` messages")
    if role == "user" and version == LATEST_VERSION:
        _check_no_citations(placed)


def _check_no_citations(placed: Placed) -> None:
    inner = placed.block["content"] if placed.type == "search_result" else [placed.block]
    if any(block["type"] == "text" and block.get("citations") for block in inner):
        raise ApiError(f"{placed.typed_path}.citations: citations are not permitted on text blocks in user messages")


def _check_tool_calls(turns: Sequence[Turn]) -> None:
    seen: set[str] = set()
    for index, turn in enumerate(turns):
        following = turns[index + 1] if index + 1 < len(turns) else None
        _check_answered(turn, following)
        _check_results(turn, turns[index - 1] if index else None)
        for placed in turn.of_type("tool_use"):
            if placed.block["id"] in seen:
                raise ApiError(f"messages.{placed.message}: `tool_use` ids must be unique")
            seen.add(placed.block["id"])


def _check_answered(turn: Turn, following: Turn | None) -> None:
    called = [placed.block["id"] for placed in turn.of_type("tool_use")]
    results = [] if following is None else _leading_results(following)
    answered = [placed.block["tool_use_id"] for placed in results]
    missing = [identifier for identifier in called if identifier not in answered]
    if missing:
        raise ApiError(
            f"messages.{turn.message}: `tool_use` ids were found without `tool_result` blocks immediately after: "
            f"{', '.join(missing)}. Each `tool_use` block must have a corresponding `tool_result` block in the next "
            "message."
        )
    twice = next((identifier for identifier in called if answered.count(identifier) > 1), None)
    if twice is not None:
        second = [placed for placed in results if placed.block["tool_use_id"] == twice][1]
        raise ApiError(
            f"{second.path}: each tool_use must have a single result. Found multiple `tool_result` blocks with id: "
            f"{twice}"
        )


def _leading_results(turn: Turn) -> list[Placed]:
    results = []
    for placed in turn.blocks:
        if placed.type != "tool_result":
            break
        results.append(placed)
    return results


def _check_results(turn: Turn, before: Turn | None) -> None:
    called = {placed.block["id"] for placed in before.of_type("tool_use")} if before is not None else set()
    for placed in turn.of_type("tool_result"):
        if placed.block["tool_use_id"] not in called:
            raise ApiError(
                f"{placed.path}: unexpected `tool_use_id` found in `tool_result` blocks: "
                f"{placed.block['tool_use_id']}. Each `tool_result` block must have a corresponding `tool_use` block "
                "in the previous message."
            )


def _check_thinking(turns: Sequence[Turn]) -> None:
    for placed in all_blocks(turns):
        if placed.type == "thinking" and not is_sealed_thinking(placed.block["thinking"], placed.block["signature"]):
            raise ApiError(f"{placed.path}: Invalid `signature` in `thinking` block")
        if placed.type == "redacted_thinking" and not is_sealed_data(placed.block["data"]):
            raise ApiError(f"{placed.path}: Invalid `data` in `redacted_thinking` block")


def _check_end(turns: Sequence[Turn], model: Model) -> None:
    last = turns[-1]
    if last.role != "assistant" or (last.blocks and last.blocks[-1].type in _OF_SERVER):
        return
    if not model.prefills:
        raise ApiError(
            "This model does not support assistant message prefill. The conversation must end with a user message."
        )
    if last.blocks and last.blocks[-1].type == "text":
        text = last.blocks[-1].block["text"]
        if text != text.rstrip():
            raise ApiError("messages: final assistant content cannot end with trailing whitespace")
