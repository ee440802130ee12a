"""Decoding a chat-completions stream: the path that every streamed token takes, so the plain one is written out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import from_json

from core.llms.errors import ProtocolError
from core.llms.types.events import StreamEvent, StreamFinished, StreamStarted, TextDelta, UsageUpdated
from core.llms.types.messages import AssistantMessage
from core.llms.types.response import Choice, FinishReason, LLMResponse
from core.llms.wires.openai_chat.dialect import ChatDialect
from core.llms.wires.openai_chat.parse import create_response, is_plain, parse_body_usage, read_text
from core.llms.wires.openai_chat.stream_choice import StreamChoice
from core.llms.wires.openai_errors import create_payload_error
from core.llms.wires.sse import SSEDecoder

_PER_CHUNK = frozenset({"choices", "usage", "object", "obfuscation"})
# What looking for a piece of text raises in a chunk that has none: the first choice, or a choice without content.
_NO_PLAIN_TEXT = (LookupError, TypeError, ValueError)


class ChatStreamDecoder:
    """Turns the bytes of one stream into events.

    `StreamStarted` comes with the first chunk that has an id, a choice or usage (a chunk of prompt filters has
    none); refusals are in the final message only; `ToolCallFinished` comes when its choice finishes; `UsageUpdated`
    when a usage object arrives that differs from the last. Comments and empty data give no event.

    The response's `raw` has the assembled choices, the usage that stands, and the top-level fields, each as the last
    chunk has it that holds more than a piece of text. Of a repeated key the last counts. NaN, text that is not UTF-8
    and nesting that is too deep are `ProtocolError`s.
    """

    __slots__ = ("_append_text", "_choices", "_dialect", "_empty_events", "_sse", "_started", "_top", "finished")

    def __init__(self, dialect: ChatDialect) -> None:
        self.finished: bool = False
        self._dialect = dialect
        self._sse = SSEDecoder()
        self._empty_events = 0
        self._started = False
        self._top: dict[str, Any] = {}
        self._choices: dict[int, StreamChoice] = {}
        self._append_text: dict[int, Callable[[str], None]] = {}

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """Decode the next bytes. Raises `APIError` for an error in the stream, `ProtocolError` for what is not it."""
        events: list[StreamEvent] = []
        if self.finished:
            return events
        for name, data in self._sse.feed(chunk):
            try:
                payload = from_json(data, allow_inf_nan=False)
            except ValueError as error:
                if self._take_other(name, data, error, events):
                    break
                continue
            try:
                (choice,) = payload["choices"]
                delta = choice["delta"]
                text, index = delta["content"], choice["index"]
                append_text = self._append_text[index]
                is_plain_text = (
                    type(text) is str
                    and text
                    and choice["finish_reason"] is None
                    and payload.get("usage") is None
                    and choice.get("logprobs") is None
                    and "error" not in payload
                    and "error" not in choice
                    and (len(delta) == 1 or is_plain(delta))
                )
            except _NO_PLAIN_TEXT:
                is_plain_text = False
            if not is_plain_text:
                self._take(name, payload, events)
                continue
            if "content_filter_results" in choice:
                self._choices[index].take_content_filter(choice["content_filter_results"])
            append_text(text)
            events.append(TextDelta(text, index))
        return events

    def close(self) -> list[StreamEvent]:
        """Say that the connection ended. Raises `ProtocolError` where the answer is not proven whole."""
        events: list[StreamEvent] = []
        if self.finished:
            return events
        if self._sse.pending:
            if self._sse.pending_data.strip() != b"[DONE]":
                raise ProtocolError("the stream ended inside an event")
        elif self._dialect.requires_done:
            raise ProtocolError("the stream ended without `[DONE]`: the answer may be cut")
        elif any(choice.finish_reason is None for choice in self._choices.values()):
            raise ProtocolError("the stream ended without a finish reason: the answer may be cut")
        self._finish(events)
        return events

    def partial_response(self) -> LLMResponse:
        """Return what has arrived so far; a choice without a finish reason has the reason `error`."""
        response = self._assemble(partial=True)
        if response.choices:
            return response
        empty = Choice(AssistantMessage(""), FinishReason("error"))
        return create_response(response.raw, [empty], self._dialect)

    @property
    def progress(self) -> int:
        """How many events with data have arrived."""
        return self._sse.event_count - self._empty_events

    @property
    def _response_id(self) -> str | None:
        return read_text(self._top, "id")

    def _take_other(self, name: bytes, data: bytes, error: ValueError, events: list[StreamEvent]) -> bool:
        """Take data that is not JSON in; return whether it was the end."""
        data = data.strip()
        if data.startswith(b"[DONE]"):
            self._finish(events)
            return True
        if data and name == b"error":
            raise create_payload_error({"message": data.decode(errors="replace")}, self._dialect.errors)
        if data:
            raise ProtocolError(f"an event of the stream is not JSON: {error}") from error
        self._empty_events += 1
        return False

    def _take(self, name: bytes, payload: Any, events: list[StreamEvent]) -> None:
        if not isinstance(payload, dict):
            raise ProtocolError(f"an event of the stream is not an object but {type(payload).__name__}")
        if payload.get("error") or payload.get("object") == "error" or name == b"error":
            raise create_payload_error(payload, self._dialect.errors)
        choices, usage = payload.get("choices"), payload.get("usage") or self._find_enclosed_usage(payload)
        if not isinstance(choices, list):
            if choices is not None or not usage:
                raise ProtocolError("a chunk of the stream has no `choices`")
            choices = []
        self._take_top(payload)
        if not self._started and (choices or usage or payload.get("id")):
            self._started = True
            events.append(StreamStarted(self._response_id, read_text(self._top, "model")))
        for choice in choices:
            self._take_choice(choice, events)
        if usage and isinstance(usage, dict) and usage != self._top.get("usage"):
            self._top["usage"] = usage
            events.append(UsageUpdated(parse_body_usage(self._top, self._dialect)))

    def _find_enclosed_usage(self, payload: Mapping[str, Any]) -> Any:
        envelope = payload.get(self._dialect.usage_envelope) if self._dialect.usage_envelope else None
        return envelope.get("usage") if isinstance(envelope, Mapping) else None

    def _take_top(self, payload: Mapping[str, Any]) -> None:
        top = self._top
        for name, value in payload.items():
            if name not in _PER_CHUNK and value is not None and (value != "" or name not in top):
                top[name] = value

    def _take_choice(self, choice: Any, events: list[StreamEvent]) -> None:
        if not isinstance(choice, dict):
            raise ProtocolError("a choice of the stream is not an object")
        if choice.get("error"):
            raise create_payload_error(choice, self._dialect.errors)
        index = choice.get("index") or 0
        state = self._choices.get(index) if isinstance(index, int) else None
        if state is None:
            state = self._add_choice(index)
        delta = choice.get("delta")
        if isinstance(delta, dict):
            state.take_delta(delta, events)
        elif delta is not None:
            raise ProtocolError("a choice's `delta` is not an object")
        if logprobs := choice.get("logprobs"):
            state.take_logprobs(logprobs)
        if content_filter := choice.get("content_filter_results"):
            state.take_content_filter(content_filter)
        reason = choice.get("finish_reason")
        if reason is not None and not isinstance(reason, str):
            raise ProtocolError("a choice's `finish_reason` is not text")
        if reason or (reason == "" and reason in self._dialect.finish_reasons):
            state.finish_reason = reason
            state.calls.finish(self._response_id, events)

    def _add_choice(self, index: Any) -> StreamChoice:
        if not isinstance(index, int) or index < 0:
            raise ProtocolError("a choice's `index` is not a number from 0 up")
        state = self._choices[index] = StreamChoice(index, self._dialect)
        self._append_text[index] = state.texts.append
        return state

    def _finish(self, events: list[StreamEvent]) -> None:
        if not self._choices:
            raise ProtocolError("the stream ended before it had a choice")
        for choice in self._choices.values():
            choice.calls.finish(self._response_id, events)
        events.append(StreamFinished(self._assemble(partial=False)))
        self.finished = True

    def _assemble(self, *, partial: bool) -> LLMResponse:
        ordered = [self._choices[index] for index in sorted(self._choices)]
        pairs = [choice.assemble(self._response_id, partial=partial) for choice in ordered]
        raw = {**self._top, "object": "chat.completion", "choices": [raw for raw, _ in pairs]}
        return create_response(raw, [choice for _, choice in pairs], self._dialect)
