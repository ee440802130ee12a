"""Putting streamed tool calls together from fragments that may lack an index, an id or a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.llms.errors import ProtocolError
from core.llms.types.content import OpaquePart, ToolCall
from core.llms.types.events import StreamEvent, ToolCallDelta, ToolCallFinished, ToolCallStarted
from core.llms.wires.openai_chat.dialect import ChatDialect
from core.llms.wires.openai_chat.parse import find_call_extra, make_call_id, make_tool_call, render_arguments


class _Call:
    """One call as far as it has come."""

    __slots__ = ("custom", "extra", "id", "index", "name", "pieces", "started", "tool_call")

    def __init__(self, index: int, custom: bool) -> None:
        self.index = index
        self.custom = custom
        self.id: str | None = None
        self.name: str | None = None
        self.pieces: list[str] = []
        self.extra: dict[str, Any] = {}
        self.started = False
        self.tool_call: ToolCall | OpaquePart | None = None


class ToolCallAssembler:
    """The calls of one choice.

    A fragment belongs to the call of its index; without index, to the call of its id; without both, to the last
    call. It begins a call where there is none to belong to, or where it brings a name together with an id (or,
    without index, just a name) that the call does not have. `ToolCallStarted` waits for name and id, and the pieces
    of the arguments with it.
    """

    __slots__ = ("_by_index", "_calls", "_choice", "_dialect", "_finished", "_functions")

    def __init__(self, choice: int, dialect: ChatDialect) -> None:
        self._choice = choice
        self._dialect = dialect
        self._calls: list[_Call] = []
        self._by_index: dict[int, _Call] = {}
        self._functions = 0
        self._finished = False

    def __bool__(self) -> bool:
        return bool(self._calls)

    def take(self, fragment: Any, events: list[StreamEvent]) -> None:
        """Take one fragment in, and append the events that it completes."""
        if not isinstance(fragment, Mapping):
            raise ProtocolError("a tool call's fragment is not an object")
        is_custom = isinstance(fragment.get("custom"), Mapping)
        body = fragment.get("custom" if is_custom else "function") or {}
        if not isinstance(body, Mapping):
            raise ProtocolError("a tool call's `function` is not an object")
        id, name = _optional_text(fragment, "id"), _optional_text(body, "name")
        call = self._find(fragment.get("index"), id, name, is_custom or fragment.get("type") == "custom")
        if self._finished:
            raise ProtocolError("a tool call went on after its choice was finished")
        if not call.started:
            call.id = call.id or id
            call.name = call.name or name
        if piece := render_arguments(body.get("input" if call.custom else "arguments")):
            call.pieces.append(piece)
        if extra := find_call_extra(fragment):
            call.extra.update(extra)
        self._announce(call, piece, events)

    def finish(self, response_id: str | None, events: list[StreamEvent]) -> None:
        """End every call, once the choice is finished. Raises `ProtocolError` for a call that never had a name."""
        if self._finished or not self._calls:
            return
        self._finished = True
        for call in self._calls:
            if not call.name:
                raise ProtocolError("a tool call has no function name")
            call.id = call.id or make_call_id(response_id, call.index, self._choice)
            self._announce(call, "", events)
            part = call.tool_call = self._close(call, response_id)
            if isinstance(part, ToolCall):
                events.append(ToolCallFinished(call.index, part, self._choice))

    def parts(self, response_id: str | None) -> list[ToolCall | OpaquePart]:
        """Return the calls in order, whole or as far as they have come."""
        return [call.tool_call or self._close(call, response_id) for call in self._calls]

    def _close(self, call: _Call, response_id: str | None) -> ToolCall | OpaquePart:
        id = call.id or make_call_id(response_id, call.index, self._choice)
        name, text = call.name or "", "".join(call.pieces)
        if call.custom:
            custom = {"name": name, "input": text}
            return OpaquePart(self._dialect.origin, {**call.extra, "id": id, "type": "custom", "custom": custom})
        return make_tool_call(id, name, text, {**call.extra}, self._dialect)

    def _find(self, index: Any, id: str | None, name: str | None, custom: bool) -> _Call:
        call: _Call | None
        if isinstance(index, int):
            call = self._by_index.get(index)
            is_new = call is None or bool(name and id and call.id and call.id != id)
        elif id is not None:
            call = next((known for known in self._calls if known.id == id), None)
            is_new = call is None
        else:
            call = self._calls[-1] if self._calls else None
            is_new = call is None or bool(name and call.name)
        if call is not None and not is_new:
            return call
        call = _Call(self._functions, custom)
        self._functions += not custom
        self._calls.append(call)
        if isinstance(index, int):
            self._by_index[index] = call
        return call

    def _announce(self, call: _Call, piece: str, events: list[StreamEvent]) -> None:
        if call.custom:
            return
        if call.started:
            if piece:
                events.append(ToolCallDelta(call.index, piece, self._choice))
        elif call.id and call.name:
            call.started = True
            events.append(ToolCallStarted(call.index, call.id, call.name, self._choice))
            if call.pieces:
                events.append(ToolCallDelta(call.index, "".join(call.pieces), self._choice))


def _optional_text(fragment: Mapping[str, Any], name: str) -> str | None:
    value = fragment.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ProtocolError(f"a tool call's `{name}` is not text")
    return value
