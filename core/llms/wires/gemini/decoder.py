"""Decoding a stream: the path that every streamed piece takes, so the plain one is written out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json

from core.llms.errors import ProtocolError
from core.llms.types.events import StreamEvent, StreamFinished, StreamStarted, TextDelta, UsageUpdated
from core.llms.types.messages import AssistantMessage
from core.llms.types.response import Choice, FinishReason, LLMResponse
from core.llms.wires.gemini.candidates import StreamCandidate
from core.llms.wires.gemini.dialect import GeminiDialect
from core.llms.wires.gemini.framing import PayloadFramer
from core.llms.wires.gemini.parse import parse_body_usage, parse_gemini_response, read_text, require_payload
from core.llms.wires.gemini.parts import parse_candidate


class GeminiStreamDecoder:
    """Turns the bytes of one stream into events.

    The wire has no end marker: a stream is whole where its connection ends after each candidate had its finish reason;
    then come `UsageUpdated`, once, and `StreamFinished`. Every chunk counts anew what was consumed so far:
    `partial_response` has the counts of the last one. Calls come whole. The response's `raw` is the body that the
    answer would have been in one piece.
    """

    __slots__ = ("_candidates", "_dialect", "_framer", "_started", "_top", "finished")

    def __init__(self, dialect: GeminiDialect) -> None:
        self.finished: bool = False
        self._dialect = dialect
        self._framer = PayloadFramer()
        self._started = False
        self._top: dict[str, Any] = {}
        self._candidates: dict[int, StreamCandidate] = {}

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """Decode the next bytes. Raises `APIError` for an error in the stream, `ProtocolError` for what is not it."""
        events: list[StreamEvent] = []
        if self.finished:
            return events
        for _, data in self._framer.feed(chunk):
            try:
                payload = from_json(data, allow_inf_nan=False)
            except ValueError as error:
                if self._take_other(data, error, events):
                    break
                continue
            try:
                (candidate,) = payload["candidates"]
                (part,) = candidate["content"]["parts"]
                text = part["text"]
                state = self._candidates[candidate.get("index", 0)]
                if (
                    type(text) is str
                    and text
                    and len(part) == 1
                    and (len(candidate) == 1 or (len(candidate) == 2 and "index" in candidate))
                    and "error" not in payload
                ):
                    if "usageMetadata" in payload:
                        self._top["usageMetadata"] = payload["usageMetadata"]
                    state.take_text(text, False)
                    events.append(TextDelta(text, state.index))
                    continue
            except (LookupError, TypeError, ValueError):
                pass  # not the usual event: it is read in full below, where an error is raised
            self._take(payload, events)
        return events

    def close(self) -> list[StreamEvent]:
        """Say that the connection ended. Raises `ProtocolError` where the answer is not proven whole."""
        events: list[StreamEvent] = []
        if self.finished:
            return events
        rest = self._framer.close()
        if rest and rest != b"[DONE]":
            try:
                payload = from_json(rest, allow_inf_nan=False)
            except ValueError as error:
                raise ProtocolError("the stream ended inside an event: the answer may be cut") from error
            self._take(payload, events)
        self._finish(events)
        return events

    def partial_response(self) -> LLMResponse:
        """Return what has arrived so far; a candidate without a finish reason has the reason `error`."""
        body = self._assemble()
        response_id = read_text(body, "responseId")
        choices = [parse_candidate(candidate, response_id) for candidate in body["candidates"]]
        whole = [
            choice
            if "finishReason" in candidate
            else Choice(choice.message, FinishReason("error"), choice.logprobs, choice.content_filter)
            for choice, candidate in zip(choices, body["candidates"], strict=True)
        ]
        return LLMResponse(
            tuple(whole) or (Choice(AssistantMessage(""), FinishReason("error")),),
            parse_body_usage(body, self._dialect),
            model=read_text(body, "modelVersion") or "",
            id=response_id,
            raw=body,
        )

    @property
    def progress(self) -> int:
        """How many events with data have arrived; the wire has no pings but comments."""
        return self._framer.event_count

    def take_payload(self, payload: Any) -> list[StreamEvent]:
        """Take in a chunk, or an array of chunks, that is decoded already."""
        events: list[StreamEvent] = []
        self._take(payload, events)
        return events

    def _take_other(self, data: bytes, error: ValueError, events: list[StreamEvent]) -> bool:
        """Take data that is not JSON in; return whether it was the end, which some gateways mark."""
        data = data.strip()
        if data == b"[DONE]":
            self._finish(events)
            return True
        if data:
            raise ProtocolError(f"an event of the stream is not JSON: {error}") from error
        return False

    def _take(self, payload: Any, events: list[StreamEvent]) -> None:
        if isinstance(payload, list):
            for item in payload:
                self._take(require_payload(item), events)
            return
        chunk = require_payload(payload)
        candidates = chunk.get("candidates")
        if candidates is not None and not isinstance(candidates, list):
            raise ProtocolError("a chunk's `candidates` are not a list")
        for name, value in chunk.items():
            if name != "candidates" and value is not None:
                self._top[name] = value
        if not self._started:
            self._started = True
            events.append(StreamStarted(read_text(self._top, "responseId"), read_text(self._top, "modelVersion")))
        for candidate in candidates or ():
            self._take_candidate(candidate, events)

    def _take_candidate(self, candidate: Any, events: list[StreamEvent]) -> None:
        if not isinstance(candidate, Mapping):
            raise ProtocolError("a candidate is not an object")
        index = candidate.get("index") or 0
        if type(index) is not int or index < 0:
            raise ProtocolError("a candidate's `index` is not a number from 0 up")
        state = self._candidates.get(index)
        if state is None:
            state = self._candidates[index] = StreamCandidate(index)
        state.take(candidate, read_text(self._top, "responseId"), events)

    def _finish(self, events: list[StreamEvent]) -> None:
        if not self._candidates:
            raise ProtocolError("the stream ended before it had a candidate")
        if any(candidate.finish_reason is None for candidate in self._candidates.values()):
            raise ProtocolError("the stream ended without a finish reason: the answer may be cut")
        response = parse_gemini_response(self._assemble(), self._dialect)
        if response.usage.raw is not None:
            events.append(UsageUpdated(response.usage))
        events.append(StreamFinished(response))
        self.finished = True

    def _assemble(self) -> dict[str, Any]:
        ordered = [self._candidates[index] for index in sorted(self._candidates)]
        return {**self._top, "candidates": [candidate.assemble() for candidate in ordered]}
