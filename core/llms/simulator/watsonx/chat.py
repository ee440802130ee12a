"""Chats: from a checked request to a completion, whole. How it streams is in `stream`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from core.llms.simulator.conversation import Conversation, OutputForm, Tool, ToolChoice
from core.llms.simulator.generation import generate_text, token_logprob
from core.llms.simulator.watsonx.counting import call_tokens, load, prompt_tokens
from core.llms.simulator.watsonx.errors import invalid_argument
from core.llms.simulator.watsonx.identity import created_now, disclaimer, identifier, set_to_default
from core.llms.simulator.watsonx.messages import to_turns
from core.llms.simulator.watsonx.rules import check_chat

if TYPE_CHECKING:
    from core.llms.simulator.conversation import Answer
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.tokens import Piece
    from core.llms.simulator.watsonx.models import Model

_DEFAULT_TOKENS = 1024
_EFFORT_TOKENS = {"low": 8, "medium": 16, "high": 128}
_ALTERNATIVES = (" the", " a", ",", ".", " and", " of", " to", " in", " is", " that", " it", " for", " on", " was")


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: reasoning and text in pieces, or calls; why it ended, and what it cost."""

    reasoning: tuple[Piece, ...]
    pieces: tuple[Piece, ...]
    tool_calls: tuple[dict[str, Any], ...]
    refusal: str | None
    finish_reason: str
    token_count: int
    top_logprobs: int | None

    def message(self) -> dict[str, Any]:
        """The message of an unstreamed reply."""
        message: dict[str, Any] = {"role": "assistant"}
        if self.pieces or not self.tool_calls:
            message["content"] = "".join(piece.text for piece in self.pieces)
        if self.refusal is not None:
            message["refusal"] = self.refusal
        if self.reasoning:
            message["reasoning_content"] = "".join(piece.text for piece in self.reasoning)
        if self.tool_calls:
            message["tool_calls"] = list(self.tool_calls)
        return message

    def logprobs(self, start: int = 0, stop: int | None = None) -> dict[str, Any] | None:
        """Log probabilities of a run of pieces; None where they were not asked for."""
        if self.top_logprobs is None:
            return None
        run = list(enumerate(self.pieces))[start:stop]
        return {"content": [_entry(piece.text, position, self.top_logprobs) for position, piece in run]}


@dataclass(frozen=True, slots=True)
class Completion:
    """A finished completion."""

    id: str
    model: Model
    choices: tuple[Choice, ...]
    prompt_tokens: int
    warnings: tuple[dict[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        """The body of an unstreamed reply."""
        return self.frame("chat.completion", [self._choice(index) for index in range(len(self.choices))]) | {
            "usage": self.usage(),
            **({"system": {"warnings": list(self.warnings)}} if self.warnings else {}),
        }

    def frame(self, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
        """What a reply and each event of a stream have alike."""
        name = self.model.name
        head = {"id": self.id, "object": kind, "model_id": name, "model": name, "choices": choices}
        return head | {"model_version": self.model.version} | created_now()

    def usage(self) -> dict[str, int]:
        """The tokens of prompt and answer."""
        completion = sum(choice.token_count for choice in self.choices)
        prompt = self.prompt_tokens
        return {"completion_tokens": completion, "prompt_tokens": prompt, "total_tokens": prompt + completion}

    def _choice(self, index: int) -> dict[str, Any]:
        choice = self.choices[index]
        body = {"index": index, "message": choice.message(), "finish_reason": choice.finish_reason}
        logprobs = choice.logprobs()
        return body if logprobs is None else body | {"logprobs": logprobs}


def complete_chat(call: Call, body: dict[str, Any], model: Model) -> Completion:
    """Answer a chat whose shape is read. Raises: ApiError."""
    check_chat(body, model)
    conversation = to_conversation(body, model)
    prompt = prompt_tokens(conversation)
    limit, warnings = _limit(body, model, prompt)
    answers = [call.decide(conversation, index) for index in range(body.get("n") or 1)]
    choices = tuple(_choice(call, body, model, answer, index, limit) for index, answer in enumerate(answers))
    name = f"chatcmpl-{identifier(call, 'completion')}"
    return Completion(name, model, choices, prompt, (*disclaimer(model), *warnings))


def to_conversation(body: dict[str, Any], model: Model) -> Conversation:
    """The request as the brain sees it. Raises: ApiError."""
    return Conversation(
        turns=to_turns(body, model),
        tools=tuple(_to_tool(tool["function"]) for tool in body.get("tools") or ()),
        tool_choice=_to_tool_choice(body),
        output_form=_to_form(body),
    )


def _to_tool(function: dict[str, Any]) -> Tool:
    return Tool(function["name"], function.get("description", ""), function.get("parameters") or {})


def _to_tool_choice(body: dict[str, Any]) -> ToolChoice:
    if "tool_choice" in body:
        return ToolChoice("required", (body["tool_choice"]["function"]["name"],))
    return ToolChoice(body.get("tool_choice_option", "auto"))


def _to_form(body: dict[str, Any]) -> OutputForm:
    """The form asked for; a grammar is taken and not followed."""
    if "guided_json" in body:
        return OutputForm("json_schema", body["guided_json"])
    if "guided_choice" in body:
        return OutputForm("json_schema", {"enum": body["guided_choice"]})
    if "guided_regex" in body:
        return OutputForm("json_schema", {"type": "string", "pattern": body["guided_regex"]})
    wanted = body.get("response_format") or {"type": "text"}
    return OutputForm(wanted["type"], wanted["json_schema"]["schema"] if wanted["type"] == "json_schema" else {})


def _limit(body: dict[str, Any], model: Model, prompt: int) -> tuple[int, list[dict[str, Any]]]:
    """How many tokens may be generated, and the warning where that was not said. Raises: ApiError."""
    if prompt >= model.context_window:
        problem = (
            f"the number of input tokens {prompt} cannot exceed the total tokens limit {model.context_window} "
            "for this model"
        )
        raise invalid_argument(model.name, problem)
    name = "max_tokens" if "max_tokens" in body and "max_completion_tokens" not in body else "max_completion_tokens"
    wanted = body.get(name)
    most = min(model.output_limit, model.context_window - prompt)
    if wanted is None:
        value = min(_DEFAULT_TOKENS, most)
        return value, [set_to_default("max_completion_tokens", value)]
    if prompt + wanted > model.context_window:
        problem = (
            f"'max_tokens' or 'max_completion_tokens' is too large: {wanted}. This model's maximum context length is "
            f"{model.context_window} tokens and your request has {prompt} input tokens"
        )
        raise invalid_argument(model.name, problem)
    # 0 asks for as much as the model can say.
    return (min(wanted, most) if wanted else most), []


def _choice(call: Call, body: dict[str, Any], model: Model, answer: Answer, index: int, limit: int) -> Choice:
    reasoning, thought = _reason(body, model, answer, limit)
    left = limit - thought
    spoken = answer.text if answer.refusal is None else ""
    generated = generate_text(load(), _plain(spoken, body), left, body.get("stop") or ())
    spent, reason = generated.token_count, generated.ended
    calls, cost, whole = _calls(call, answer, index, left - spent)
    if answer.refusal is not None:
        spent += load().count(answer.refusal)
    ended = "tool_calls" if calls and whole else reason if whole else "length"
    if not left:
        ended = "length"
    shown = reasoning if body.get("include_reasoning", True) else ()
    top = (body.get("top_logprobs") or 0) if body.get("logprobs") else None
    finish = answer.finish_reason or ended
    return Choice(shown, generated.pieces, calls, answer.refusal, finish, thought + spent + cost, top)


def _plain(text: str, body: dict[str, Any]) -> str:
    """A guided answer is bare text, not JSON."""
    if "guided_choice" not in body and "guided_regex" not in body:
        return text
    try:
        value = from_json(text)
    except ValueError:
        return text
    return value if isinstance(value, str) else text


def _reason(body: dict[str, Any], model: Model, answer: Answer, limit: int) -> tuple[tuple[Piece, ...], int]:
    """What the model thinks first, and its tokens: all of it with a high effort, else its beginning."""
    if not model.reasons or not answer.reasoning_summary:
        return (), 0
    thought = answer.reasoning_summary
    kept = generate_text(load(), thought, min(limit, _EFFORT_TOKENS[body.get("reasoning_effort", "medium")]))
    return kept.pieces, kept.token_count


def _calls(call: Call, answer: Answer, index: int, left: int) -> tuple[tuple[dict[str, Any], ...], int, bool]:
    """The calls that fit into the tokens left, what they cost, and whether all did."""
    rendered: list[dict[str, Any]] = []
    spent = 0
    for position, tool_call in enumerate(answer.tool_calls):
        cost = call_tokens(tool_call.name, tool_call.arguments)
        if spent + cost > left:
            return tuple(rendered), left, False
        spent += cost
        name = tool_call.id or f"chatcmpl-tool-{identifier(call, f'tool.{index}.{position}')}"
        function = {"name": tool_call.name, "arguments": tool_call.arguments}
        rendered.append({"id": name, "type": "function", "function": function})
    return tuple(rendered), spent, True


def _entry(text: str, position: int, top: int) -> dict[str, Any]:
    chosen = _token(text, token_logprob(text, position))
    others = [other for other in _ALTERNATIVES if other != text]
    others += [f" w{rank}" for rank in range(len(others), top)]
    ranked = [_token(other, round(chosen["logprob"] - 1.5 - 0.25 * rank, 6)) for rank, other in enumerate(others)]
    return chosen | {"top_logprobs": [chosen, *ranked][:top]}


def _token(text: str, logprob: float) -> dict[str, Any]:
    return {"token": text, "logprob": logprob, "bytes": list(text.encode())}
