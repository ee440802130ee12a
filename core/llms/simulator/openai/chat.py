"""Chat completions: from a checked request to a completion, whole. How it streams is in `chat_stream`."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.llms.simulator.conversation import Conversation, OutputForm
from core.llms.simulator.openai.chat_choices import OPENAI_MANNER, Choice, ChoiceWriter, Manner
from core.llms.simulator.openai.chat_messages import to_turns
from core.llms.simulator.openai.chat_rules import chosen_names
from core.llms.simulator.openai.counting import chat_tools_preamble, prompt_tokens
from core.llms.simulator.openai.tools import to_tool, to_tool_choice
from core.llms.simulator.tokens import load_tokenizer

if TYPE_CHECKING:
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.openai.models import Model
    from core.llms.simulator.openai.service import Service
    from core.llms.simulator.rate_limits import Verdict
    from core.llms.simulator.tokens import Tokenizer


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


def complete_chat(
    service: Service, call: Call, account: str, body: dict[str, Any], model: Model, manner: Manner = OPENAI_MANNER
) -> Completion:
    """Answer a chat request whose shape is checked. Raises: ApiError."""
    manner.check(body, model)
    tokenizer = load_tokenizer(model.encoding)
    conversation = to_conversation(body, model)
    prompt = _prompt(body, model, tokenizer, conversation)
    wanted = body.get("max_completion_tokens") or body.get("max_tokens")
    manner.check_room(model, len(prompt), wanted, _tool_count(model, tokenizer, conversation))
    verdict = service.admit(account, model.name, len(prompt) + (wanted or 0))
    cached = service.cached_tokens(account, model.name, prompt)
    writer = ChoiceWriter(service, call, body, model, tokenizer, manner, wanted)
    choices = tuple(writer.write(call.decide(conversation, index), index) for index in range(body.get("n") or 1))
    return Completion(
        id=service.identifier("chatcmpl-", call),
        created=int(time.time()),
        model=model,
        service_tier=answered_tier(body.get("service_tier")),
        system_fingerprint=None if model.reasons else system_fingerprint(model),
        choices=choices,
        usage=_usage(model, len(prompt), cached, choices),
        request=body,
        conversation=conversation,
        verdict=verdict,
    )


def _prompt(body: dict[str, Any], model: Model, tokenizer: Tokenizer, conversation: Conversation) -> list[int]:
    names = [message.get("name") for message in body["messages"]]
    form = conversation.output_form
    schema = form.schema if form.kind == "json_schema" else None
    tokens = prompt_tokens(model, tokenizer, conversation.turns, conversation.tools, names, schema)
    return chat_tools_preamble(model) + tokens if conversation.tools else tokens


def to_conversation(body: dict[str, Any], model: Model) -> Conversation:
    """The request as the brain sees it. Raises: ApiError for parts the model does not take."""
    form = body.get("response_format") or {"type": "text"}
    schema = form["json_schema"].get("schema", {}) if form["type"] == "json_schema" else {}
    return Conversation(
        turns=to_turns(body["messages"], model),
        tools=tuple(to_tool(tool["function"]) for tool in body.get("tools") or ()),
        tool_choice=to_tool_choice(body.get("tool_choice"), chosen_names(body)),
        parallel_tool_calls=body.get("parallel_tool_calls") is not False,
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


def _usage(model: Model, prompt: int, cached: int, choices: tuple[Choice, ...]) -> dict[str, Any]:
    thought = sum(choice.thought.token_count for choice in choices)
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
