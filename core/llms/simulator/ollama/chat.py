"""Chats and bare generation: from a request whose shape is read to the lines of a reply, streamed or in one."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from core.llms.simulator.conversation import Text, Tool, Turn
from core.llms.simulator.ollama.answering import (
    Generated,
    generate,
    logprobs,
    plan_thinking,
    to_conversation,
)
from core.llms.simulator.ollama.errors import ApiError
from core.llms.simulator.ollama.prompts import fit_prompt, load, to_turns
from core.llms.simulator.ollama.requests import check_format, read_keep_alive, read_options, read_think

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from core.llms.simulator.exchange import Call
    from core.llms.simulator.ollama.loading import Memory
    from core.llms.simulator.ollama.models import Model

_USUAL_CONTEXT = 4_096
_PROMPT_NANOSECONDS = 1_000_000
_ANSWER_NANOSECONDS = 10_000_000
_OVERHEAD_NANOSECONDS = 2_000_000


@dataclass(frozen=True, slots=True)
class _Prompt:
    """What goes to the model: turns and tools, the tokens beside the turns, and how long may be thought."""

    turns: list[Turn]
    thinking: int | None
    tools: tuple[Tool, ...] = ()
    overhead: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply, whose words are in `message` for a chat and beside the model for bare generation."""

    model: str
    generated: Generated
    is_chat: bool
    metrics: dict[str, int]
    extras: dict[str, Any]
    top_logprobs: int | None

    def whole(self) -> dict[str, Any]:
        """The reply in one."""
        generated = self.generated
        text = "".join(piece.text for piece in generated.pieces)
        thinking = "".join(piece.text for piece in generated.thinking)
        return self._line(text, thinking, generated.tool_calls) | self._end() | self._logprobs(0, len(generated.pieces))

    def lines(self) -> Iterator[dict[str, Any]]:
        """The reply line by line, the last with the reason of its end."""
        for piece in self.generated.thinking:
            yield self._line("", piece.text) | {"done": False}
        for position, piece in enumerate(self.generated.pieces):
            yield self._line(piece.text) | {"done": False} | self._logprobs(position, position + 1)
        for call in self.generated.tool_calls:
            yield self._line("", calls=(call,)) | {"done": False}
        yield self._line("") | self._end()

    def _line(self, text: str, thinking: str = "", calls: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
        line: dict[str, Any] = {"model": self.model, "created_at": created_now()}
        thought = {"thinking": thinking} if thinking else {}
        if not self.is_chat:
            return line | {"response": text} | thought
        called = {"tool_calls": list(calls)} if calls else {}
        return line | {"message": {"role": "assistant", "content": text} | thought | called}

    def _end(self) -> dict[str, Any]:
        return {"done": True, "done_reason": self.generated.done_reason} | self.extras | self.metrics

    def _logprobs(self, start: int, stop: int) -> dict[str, Any]:
        if self.top_logprobs is None:
            return {}
        return {"logprobs": logprobs(self.generated.pieces[start:stop], start, self.top_logprobs)}


def created_now() -> str:
    """This moment, as the server writes it."""
    return datetime.fromtimestamp(time.time(), UTC).isoformat().replace("+00:00", "Z")


def answer_chat(
    call: Call, body: dict[str, Any], model: Model, memory: Memory, admit: Callable[[int], None]
) -> Reply | dict[str, Any]:
    """A reply, or what is said of a model that was only to be loaded or to go. Raises: ApiError."""
    messages = body.get("messages") or []
    tools = tuple(_to_tool(tool) for tool in body.get("tools") or ())
    thinking = _prepared(body, model, "chat")
    if tools and "tools" not in model.can:
        raise ApiError(f"{model.full_name} does not support tools")
    if not messages:
        return _only_loaded(body, model, memory, {"message": {"role": "assistant", "content": ""}})
    offered = sum(load().count(to_json(tool).decode()) for tool in body.get("tools") or ())
    prompt = _Prompt(to_turns(messages, model), thinking, tools, offered)
    return _reply(call, body, model, memory, prompt, admit)


def answer_prompt(
    call: Call, body: dict[str, Any], model: Model, memory: Memory, admit: Callable[[int], None]
) -> Reply | dict[str, Any]:
    """The same for a bare prompt. Raises: ApiError."""
    thinking = _prepared(body, model, "generate")
    if body.get("suffix"):
        raise ApiError(f"{model.full_name} does not support insert")
    if body.get("raw") and any(body.get(name) for name in ("template", "system", "context")):
        raise ApiError("raw mode does not support template, system, or context")
    if not body.get("prompt"):
        return _only_loaded(body, model, memory, {"response": ""})
    user = {"role": "user", "content": body["prompt"], "images": body.get("images") or []}
    turns = to_turns([user], model)
    if body.get("system"):
        turns.insert(0, Turn("system", (Text(body["system"]),)))
    prompt = _Prompt(turns, thinking, overhead=len(body.get("context") or ()))
    return _reply(call, body, model, memory, prompt, admit)


def context_of(options: dict[str, Any], model: Model) -> int:
    """The tokens there is room for."""
    wanted: int = options.get("num_ctx") or _USUAL_CONTEXT
    return max(1, min(wanted, model.context_length))


def _prepared(body: dict[str, Any], model: Model, verb: str) -> int | None:
    """How long may be thought, once what has rules of its own is checked."""
    name = body.get("model", "")
    thinking = plan_thinking(model, read_think(body), name)
    if "completion" not in model.can:
        raise ApiError(f'"{name}" does not support {verb}')
    read_keep_alive(body)
    read_options(body)
    check_format(body)
    return thinking


def _only_loaded(body: dict[str, Any], model: Model, memory: Memory, words: dict[str, Any]) -> dict[str, Any]:
    keep = read_keep_alive(body)
    if keep:
        memory.load(model, context_of(read_options(body), model), keep)
    else:
        memory.unload(model)
    line = {"model": body["model"], "created_at": created_now()}
    return line | words | {"done": True, "done_reason": "load" if keep else "unload"}


def _reply(
    call: Call, body: dict[str, Any], model: Model, memory: Memory, prompt: _Prompt, admit: Callable[[int], None]
) -> Reply:
    options = read_options(body)
    num_ctx = context_of(options, model)
    kept, tokens = fit_prompt(prompt.turns, prompt.overhead, num_ctx, truncate=body.get("truncate", True))
    admit(tokens)
    loading = memory.load(model, num_ctx, read_keep_alive(body))
    thinks = prompt.thinking is not None
    conversation = to_conversation(kept, prompt.tools, body.get("format"), thinks=thinks)
    generated = generate(call, conversation, options, prompt.thinking)
    is_chat = "messages" in body
    extras = {} if is_chat or body.get("raw") else {"context": _context(body, kept, generated)}
    top = body.get("top_logprobs", 0) if body.get("logprobs") else None
    return Reply(body["model"], generated, is_chat, _metrics(loading, tokens, generated.token_count), extras, top)


def _context(body: dict[str, Any], turns: Sequence[Turn], generated: Generated) -> list[int]:
    said = "".join(piece.text for piece in generated.pieces)
    spoken = "\n".join([*(turn.text for turn in turns), said])
    return [*(body.get("context") or ()), *load().encode(spoken)]


def _metrics(loading: int, prompt: int, answer: int) -> dict[str, int]:
    """Counts, and durations in nanoseconds: so many for each token."""
    prompt_nanoseconds, answer_nanoseconds = prompt * _PROMPT_NANOSECONDS, answer * _ANSWER_NANOSECONDS
    return {
        "total_duration": loading + prompt_nanoseconds + answer_nanoseconds + _OVERHEAD_NANOSECONDS,
        "load_duration": loading,
        "prompt_eval_count": prompt,
        "prompt_eval_duration": prompt_nanoseconds,
        "eval_count": answer,
        "eval_duration": answer_nanoseconds,
    }


def _to_tool(tool: dict[str, Any]) -> Tool:
    function = tool.get("function") or {}
    return Tool(function.get("name", ""), function.get("description", ""), function.get("parameters") or {})
