"""Chat completions: from a checked request to a completion, whole. How it streams is in `chat_stream`."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.llms.simulator.conversation import Conversation, OutputForm
from core.llms.simulator.generation import GeneratedText, generate_text
from core.llms.simulator.openai.chat_messages import to_turns
from core.llms.simulator.openai.chat_rules import check_chat_rules, check_context, chosen_names, effective_effort
from core.llms.simulator.openai.counting import call_tokens, chat_tools_preamble, prompt_tokens
from core.llms.simulator.openai.logprobs import chat_logprobs
from core.llms.simulator.openai.service import reasoning_tokens
from core.llms.simulator.openai.tools import to_tool, to_tool_choice
from core.llms.simulator.tokens import load_tokenizer

if TYPE_CHECKING:
    from core.llms.simulator.conversation import Answer
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.openai.models import Model
    from core.llms.simulator.openai.service import Service
    from core.llms.simulator.rate_limits import Verdict
    from core.llms.simulator.tokens import Tokenizer


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a completion: the message, why it ended, and its text in pieces for streaming."""

    message: dict[str, Any]
    finish_reason: str
    generated: GeneratedText | None
    logprobs: dict[str, Any] | None
    token_count: int


@dataclass(frozen=True, slots=True)
class Completion:
    """A finished completion with everything a reply or a stream of it needs."""

    id: str
    created: int
    model: Model
    service_tier: str
    system_fingerprint: str | None
    choices: tuple[Choice, ...]
    usage: dict[str, Any]
    request: dict[str, Any]
    conversation: Conversation
    verdict: Verdict | None

    def to_json(self) -> dict[str, Any]:
        """The body of an unstreamed reply."""
        return {
            "id": self.id,
            "object": "chat.completion",
            "created": self.created,
            "model": self.model.snapshot,
            "choices": [self._choice(index, choice) for index, choice in enumerate(self.choices)],
            "usage": self.usage,
            "service_tier": self.service_tier,
            "system_fingerprint": self.system_fingerprint,
        }

    def _choice(self, index: int, choice: Choice) -> dict[str, Any]:
        body: dict[str, Any] = {"index": index, "message": choice.message}
        if not self.model.reasons:
            body["logprobs"] = choice.logprobs
        return body | {"finish_reason": choice.finish_reason}


def complete_chat(service: Service, call: Call, account: str, body: dict[str, Any], model: Model) -> Completion:
    """Answer a chat request whose shape is checked. Raises: ApiError."""
    check_chat_rules(body, model)
    tokenizer = load_tokenizer(model.encoding)
    conversation = to_conversation(body, model)
    names = [message.get("name") for message in body["messages"]]
    form = conversation.output_form
    schema = form.schema if form.kind == "json_schema" else None
    prompt = prompt_tokens(model, tokenizer, conversation.turns, conversation.tools, names, schema)
    if conversation.tools:
        prompt = chat_tools_preamble(model) + prompt
    wanted = body.get("max_completion_tokens") or body.get("max_tokens")
    check_context(model, len(prompt), wanted, _tool_count(model, tokenizer, conversation))
    verdict = service.admit(account, model.name, len(prompt) + (wanted or 0))
    cached = service.cached_tokens(account, model.name, prompt)
    thinking = reasoning_tokens(effective_effort(body, model))
    choices = tuple(
        _choice(service, call, body, model, tokenizer, call.decide(conversation, index), index, wanted, thinking)
        for index in range(body.get("n") or 1)
    )
    return Completion(
        id=service.identifier("chatcmpl-", call),
        created=int(time.time()),
        model=model,
        service_tier=answered_tier(body.get("service_tier")),
        system_fingerprint=None if model.reasons else system_fingerprint(model),
        choices=choices,
        usage=_usage(model, len(prompt), cached, choices, thinking, wanted),
        request=body,
        conversation=conversation,
        verdict=verdict,
    )


def to_conversation(body: dict[str, Any], model: Model) -> Conversation:
    """The request as the brain sees it. Raises: ApiError for parts the model does not take."""
    form = body.get("response_format") or {"type": "text"}
    schema = form["json_schema"].get("schema", {}) if form["type"] == "json_schema" else {}
    return Conversation(
        turns=to_turns(body["messages"], model),
        tools=tuple(to_tool(tool["function"]) for tool in body.get("tools") or ()),
        tool_choice=to_tool_choice(body.get("tool_choice"), chosen_names(body)),
        parallel_tool_calls=body.get("parallel_tool_calls", True),
        output_form=OutputForm(form["type"], schema),
        web_search=model.web_search_chat,
    )


def answered_tier(wanted: str | None) -> str:
    """The tier a reply says it was served with."""
    return "default" if wanted in (None, "auto", "default") else wanted


def system_fingerprint(model: Model) -> str:
    """A fingerprint that changes only with the model."""
    return f"fp_{model.created:010x}"[-13:]


def _tool_count(model: Model, tokenizer: Tokenizer, conversation: Conversation) -> int:
    return len(prompt_tokens(model, tokenizer, (), conversation.tools)) if conversation.tools else 0


def _choice(
    service: Service,
    call: Call,
    body: dict[str, Any],
    model: Model,
    tokenizer: Tokenizer,
    answer: Answer,
    index: int,
    wanted: int | None,
    thinking: int,
) -> Choice:
    left = None if wanted is None else max(0, wanted - thinking)
    message: dict[str, Any] = {"role": "assistant", "content": None}
    if answer.tool_calls:
        calls, count, whole = _tool_calls(service, call, tokenizer, answer, index, left)
        message |= {"tool_calls": calls, "refusal": None, "annotations": []}
        message["content"] = answer.text or None
        return Choice(message, answer.finish_reason or ("tool_calls" if whole else "length"), None, None, count)
    spoken = answer.refusal if answer.refusal is not None else answer.text
    stop = body.get("stop") or []
    generated = generate_text(tokenizer, spoken, left, [stop] if isinstance(stop, str) else stop)
    field = "refusal" if answer.refusal is not None else "content"
    message |= {"refusal": None, "annotations": _annotations(answer), field: generated.text}
    logprobs = chat_logprobs(generated, body.get("top_logprobs") or 0, field) if body.get("logprobs") else None
    return Choice(message, answer.finish_reason or generated.ended, generated, logprobs, generated.token_count)


def _annotations(answer: Answer) -> list[dict[str, Any]]:
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "end_index": citation.end,
                "start_index": citation.start,
                "title": citation.title,
                "url": citation.url,
            },
        }
        for citation in answer.citations
    ]


def _tool_calls(
    service: Service, call: Call, tokenizer: Tokenizer, answer: Answer, index: int, left: int | None
) -> tuple[list[dict[str, Any]], int, bool]:
    """The calls that fit into the tokens left, how many tokens they took, and whether all fitted."""
    rendered = []
    count = tokenizer.count(answer.text)
    for position, tool_call in enumerate(answer.tool_calls):
        arguments = tool_call.arguments
        cost = len(call_tokens(tokenizer, tool_call.name, arguments))
        cut_short = left is not None and count + cost > left
        if cut_short and left is not None:
            spare = max(0, left - count - (cost - tokenizer.count(arguments)))
            arguments = tokenizer.cut(arguments, spare)[0]
            cost = left - count
        count += cost
        identifier = tool_call.id or service.identifier("call_", call, f"{index}.{position}", 24)
        function = {"name": tool_call.name, "arguments": arguments}
        rendered.append({"id": identifier, "type": "function", "function": function})
        if cut_short:
            return rendered, count, False
    return rendered, count, True


def _usage(
    model: Model, prompt: int, cached: int, choices: tuple[Choice, ...], thinking: int, wanted: int | None
) -> dict[str, Any]:
    thought = thinking if wanted is None else min(thinking, wanted)
    thought *= len(choices)
    completion = sum(choice.token_count for choice in choices) + thought
    details: dict[str, Any] = {"cached_tokens": cached, "audio_tokens": 0}
    if model.late:
        details["cache_write_tokens"] = cache_writes(prompt, cached)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": details,
        "completion_tokens_details": {
            "reasoning_tokens": thought,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def cache_writes(prompt: int, cached: int) -> int:
    """How many tokens of a prompt were written to the cache."""
    return prompt - cached if prompt >= 1024 else 0
