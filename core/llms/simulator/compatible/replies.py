"""A completion in a vendor's form: as the body of a reply, or as the chunks of a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.compatible.identifiers import make_identifier
from core.llms.simulator.exchange import server_sent_event
from core.llms.simulator.openai.chat_stream import DONE, argument_fragments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.llms.simulator.compatible.dialect import Dialect
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.openai.chat import Completion
    from core.llms.simulator.openai.chat_choices import Choice


class Reporter:
    """Tells one completion as a dialect does."""

    def __init__(self, dialect: Dialect, call: Call, completion: Completion) -> None:
        self._telling = dialect.telling
        self._streaming = dialect.streaming
        self._completion = completion
        self._style = dialect.telling.thinking(completion.request)
        self._usage = dialect.telling.usage(completion)
        self._id = make_identifier(dialect.telling.completion_id, call)
        self._said = [""] * len(completion.choices)

    def whole(self) -> dict[str, Any]:
        """The body of an unstreamed reply."""
        choices = []
        for index, choice in enumerate(self._completion.choices):
            entry = {"index": index, "message": self._message(choice), **self._telling.choice}
            choices.append(entry | self._logprobs(choice) | {"finish_reason": self._finish(choice)})
        body = self._envelope("chat.completion") | {"choices": choices, "usage": self._usage}
        return self._telling.dress(body, self._completion)

    def events(self) -> tuple[bytes, ...]:
        """A stream, encoded, with what comes before and behind it."""
        done = (DONE,) if self._streaming.done else ()
        return (*self._streaming.opening, *(server_sent_event(chunk) for chunk in self._chunks()), *done)

    def _envelope(self, kind: str) -> dict[str, Any]:
        completion = self._completion
        model = completion.request["model"] if self._telling.echoes_model else completion.model.snapshot
        return {"id": self._id, "object": kind, "created": completion.created, "model": model}

    def _message(self, choice: Choice) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", **self._telling.message}
        words = _spoken(choice)
        calls = choice.message.get("tool_calls")
        if words or not calls:
            message["content"] = words
        elif self._telling.beside_calls is not ...:
            message["content"] = self._telling.beside_calls
        if calls:
            message["tool_calls"] = [self._call(index, entry) for index, entry in enumerate(calls)]
        if choice.thought.generated is not None:
            self._style.place(message, choice.thought.generated)
        return message

    def _call(self, index: int, call: dict[str, Any]) -> dict[str, Any]:
        return call | {"index": index} if self._telling.numbers_calls else call

    def _finish(self, choice: Choice) -> str:
        return self._telling.finish_reasons.get(choice.finish_reason, choice.finish_reason)

    def _logprobs(self, choice: Choice) -> dict[str, Any]:
        return {} if choice.logprobs is None else {"logprobs": {"content": choice.logprobs["content"]}}

    def _chunks(self) -> Iterator[dict[str, Any]]:
        last = len(self._completion.choices) - 1
        for index, choice in enumerate(self._completion.choices):
            for number, (delta, logprobs) in enumerate(self._deltas(choice)):
                entry = {"index": index, "delta": self._with_role(delta, number)}
                yield self._chunk([entry | self._unfinished() | logprobs], ends=False)
            ending = {"index": index, "delta": dict(self._streaming.ending), **self._telling.choice}
            yield self._chunk([ending | {"finish_reason": self._finish(choice)}], ends=True, last=index == last)
        if self._streaming.usage == "always" or (self._streaming.usage == "asked" and self._asked()):
            yield self._chunk([], ends=False) | {"usage": self._usage}

    def _unfinished(self) -> dict[str, Any]:
        return {**self._telling.choice, "finish_reason": None} if self._streaming.nulls else {}

    def _with_role(self, delta: dict[str, Any], number: int) -> dict[str, Any]:
        if self._streaming.role == "every" or (self._streaming.role == "first" and number == 0):
            return {"role": "assistant", **delta}
        return delta

    def _chunk(self, choices: list[dict[str, Any]], *, ends: bool, last: bool = False) -> dict[str, Any]:
        chunk = self._envelope("chat.completion.chunk") | {"choices": choices}
        if self._streaming.repeats:
            self._repeat(choices)
        usage = self._streaming.usage
        if usage == "every" or (last and (usage == "at_end" or (usage == "at_end_asked" and self._asked()))):
            chunk["usage"] = self._usage
        elif usage == "at_end_asked" and self._asked():
            chunk["usage"] = None
        return self._telling.dress_chunk(chunk, self._completion, ends)

    def _repeat(self, choices: list[dict[str, Any]]) -> None:
        for choice in choices:
            self._said[choice["index"]] += choice["delta"].get("content") or ""
            choice["message"] = {"role": "assistant", "content": self._said[choice["index"]]}

    def _asked(self) -> bool:
        return bool((self._completion.request.get("stream_options") or {}).get("include_usage"))

    def _deltas(self, choice: Choice) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        if self._streaming.role == "own":
            yield {"role": "assistant", "content": ""}, {}
        if choice.thought.generated is not None:
            for delta in self._style.deltas(choice.thought.generated):
                yield delta, {}
        pieces = choice.generated.pieces if choice.generated is not None else ()
        for position, piece in enumerate(pieces):
            yield {"content": piece.text}, self._piece_logprobs(choice, position)
        if choice.message.get("tool_calls"):
            if choice.message["content"]:
                yield {"content": choice.message["content"]}, {}
            for index, call in enumerate(choice.message["tool_calls"]):
                for delta in self._call_deltas(index, call):
                    yield delta, {}

    def _piece_logprobs(self, choice: Choice, position: int) -> dict[str, Any]:
        if choice.logprobs is None or choice.logprobs["content"] is None:
            return {}
        return {"logprobs": {"content": [choice.logprobs["content"][position]]}}

    def _call_deltas(self, index: int, call: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if self._streaming.whole_calls:
            yield {"tool_calls": [{**call, "index": index}]}
            return
        opened = call | {"index": index, "function": call["function"] | {"arguments": ""}}
        yield {"tool_calls": [opened]}
        for fragment in argument_fragments(call["function"]["arguments"]):
            yield {"tool_calls": [{"index": index, "function": {"arguments": fragment}}]}


def _spoken(choice: Choice) -> str:
    """The words of a choice; where there is no field for a refusal, that is what it says."""
    words: str = choice.message["content"] or choice.message["refusal"] or ""
    return words
