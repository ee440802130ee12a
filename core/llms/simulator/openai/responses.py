"""The Responses wire: from a checked request to a response, whole. How it streams is in `responses_stream`."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core.llms.simulator.conversation import Conversation, OutputForm
from core.llms.simulator.openai.chat import answered_tier, cache_writes
from core.llms.simulator.openai.counting import prompt_tokens
from core.llms.simulator.openai.errors import ApiError
from core.llms.simulator.openai.responses_items import check_item_order, input_items, to_turns
from core.llms.simulator.openai.responses_output import Output, create_output, think_by_effort
from core.llms.simulator.openai.responses_rules import (
    check_response_rules,
    chosen_tool_names,
    function_tools,
    response_effort,
    searches_web,
)
from core.llms.simulator.openai.responses_store import ResponseStore, StoredResponse
from core.llms.simulator.openai.tools import to_tool, to_tool_choice
from core.llms.simulator.tokens import load_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.llms.simulator.conversation import Answer
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.openai.models import Model
    from core.llms.simulator.openai.service import Service
    from core.llms.simulator.rate_limits import Verdict
    from core.llms.simulator.tokens import Tokenizer

_TOO_LONG = "Your input exceeds the context window of this model. Please adjust your input and try again."
_NO_TOOL_USAGE = {
    "image_gen": {
        "input_tokens": 0,
        "input_tokens_details": {"image_tokens": 0, "text_tokens": 0},
        "output_tokens": 0,
        "output_tokens_details": {"image_tokens": 0, "text_tokens": 0},
        "total_tokens": 0,
    }
}


@dataclass(frozen=True, slots=True)
class Response:
    """A finished response: its body, the output it is made of, and the verdict of the rate limits."""

    body: dict[str, Any]
    output: Output
    request: dict[str, Any]
    conversation: Conversation
    verdict: Verdict | None

    def unfinished(self) -> dict[str, Any]:
        """The body as the first events of a stream show it."""
        return self.body | {
            "status": "in_progress",
            "completed_at": None,
            "incomplete_details": None,
            "output": [],
            "service_tier": self.request.get("service_tier") or "auto",
            "usage": None,
        }


@dataclass(frozen=True, slots=True)
class _Prompt:
    items: tuple[dict[str, Any], ...]
    conversation: Conversation
    tokens: list[int]


@dataclass(frozen=True, slots=True)
class ResponseManner:
    """How a vendor responds where vendors differ; the defaults are OpenAI's.

    `check` holds the request against the vendor's rules and the model, and raises ApiError; `count_thoughts` says how
    many tokens are thought before an answer.
    """

    check: Callable[[dict[str, Any], Model], None] = check_response_rules
    count_thoughts: Callable[[str | None, Answer, Tokenizer], int] = think_by_effort


OPENAI_MANNER = ResponseManner()


def create_response(
    service: Service,
    store: ResponseStore,
    call: Call,
    account: str,
    body: dict[str, Any],
    model: Model,
    manner: ResponseManner = OPENAI_MANNER,
) -> Response:
    """Answer a Responses request whose shape is checked. Raises: ApiError."""
    manner.check(body, model)
    prompt = _prompt(store, account, body, model)
    wanted = body.get("max_output_tokens")
    verdict = service.admit(account, model.name, len(prompt.tokens) + (wanted or 0))
    cached = service.cached_tokens(account, model.name, prompt.tokens)
    answer = call.decide(prompt.conversation, 0)
    tokenizer = load_tokenizer(model.encoding)
    output = create_output(service, call, body, model, tokenizer, answer, prompt.conversation, manner.count_thoughts)
    created = int(time.time())
    rendered = _render(service, call, body, model, output, created) | {
        "usage": _usage(model, len(prompt.tokens), cached, output)
    }
    if rendered["store"]:
        items = (*prompt.items, *output.items)
        store.add(StoredResponse(account, rendered, items))
    return Response(rendered, output, body, prompt.conversation, verdict)


def count_input(store: ResponseStore, account: str, body: dict[str, Any], model: Model) -> int:
    """The input tokens of a request whose shape is checked. Raises: ApiError."""
    return len(_prompt(store, account, body, model).tokens)


def _prompt(store: ResponseStore, account: str, body: dict[str, Any], model: Model) -> _Prompt:
    earlier: tuple[dict[str, Any], ...] = ()
    if body.get("previous_response_id") is not None:
        earlier = store.previous(body["previous_response_id"], account).items
    items = (*earlier, *store.resolved(input_items(body.get("input"))))
    check_item_order(items)
    conversation = _to_conversation(body, items, model)
    form = conversation.output_form
    schema = form.schema if form.kind == "json_schema" else None
    tokenizer = load_tokenizer(model.encoding)
    limit = model.max_input or model.context_window
    while True:
        tokens = prompt_tokens(model, tokenizer, conversation.turns, conversation.tools, (), schema)
        if len(tokens) <= limit:
            return _Prompt(items, conversation, tokens)
        if body.get("truncation") != "auto" or len(conversation.turns) < 2:
            raise ApiError(_TOO_LONG, param="input", code="context_length_exceeded")
        conversation = _without_oldest(conversation)


def _without_oldest(conversation: Conversation) -> Conversation:
    turns = conversation.turns
    oldest = next((index for index, turn in enumerate(turns) if turn.role != "system"), 0)
    return replace(conversation, turns=(*turns[:oldest], *turns[oldest + 1 :]))


def _to_conversation(body: dict[str, Any], items: tuple[dict[str, Any], ...], model: Model) -> Conversation:
    form = (body.get("text") or {}).get("format") or {"type": "text"}
    choice = body.get("tool_choice")
    hosted = isinstance(choice, dict) and choice["type"].startswith("web_search")
    return Conversation(
        turns=to_turns(body.get("instructions"), items, model),
        tools=tuple(to_tool(tool) for tool in function_tools(body)),
        tool_choice=to_tool_choice("none" if hosted else choice, chosen_tool_names(body)),
        parallel_tool_calls=body.get("parallel_tool_calls") is not False,
        output_form=OutputForm(form["type"], form.get("schema", {})),
        web_search=searches_web(body),
    )


def _render(
    service: Service, call: Call, body: dict[str, Any], model: Model, output: Output, created: int
) -> dict[str, Any]:
    cut_short = output.cut_short
    return {
        "id": service.hex_identifier("resp_", call),
        "object": "response",
        "created_at": created,
        "status": "incomplete" if cut_short else "completed",
        "background": False,
        "billing": {"payer": "developer"},
        "completed_at": None if cut_short else created,
        "error": None,
        "frequency_penalty": 0.0,
        "incomplete_details": {"reason": "max_output_tokens"} if cut_short else None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "max_tool_calls": body.get("max_tool_calls"),
        "model": model.snapshot,
        "moderation": None,
        "output": list(output.items),
        **_echoed_settings(body, model),
        "tool_usage": _NO_TOOL_USAGE | {"web_search": {"num_requests": int(output.searched)}},
        "usage": None,
        "user": body.get("user"),
        "metadata": body.get("metadata") or {},
    }


def _echoed_settings(body: dict[str, Any], model: Model) -> dict[str, Any]:
    text = body.get("text") or {}
    return {
        "parallel_tool_calls": body.get("parallel_tool_calls") is not False,
        "presence_penalty": 0.0,
        "previous_response_id": body.get("previous_response_id"),
        "prompt_cache_key": body.get("prompt_cache_key"),
        "prompt_cache_retention": body.get("prompt_cache_retention") or ("24h" if model.late else "in_memory"),
        "reasoning": _echoed_reasoning(body, model),
        "safety_identifier": body.get("safety_identifier"),
        "service_tier": answered_tier(body.get("service_tier")),
        "store": body.get("store") is not False,
        "temperature": _number(body.get("temperature"), 1.0),
        "text": {"format": _echoed_format(text.get("format")), "verbosity": text.get("verbosity") or "medium"},
        "tool_choice": body.get("tool_choice") or "auto",
        "tools": [_echoed_tool(tool) for tool in body.get("tools") or ()],
        "top_logprobs": body.get("top_logprobs") or 0,
        "top_p": _number(body.get("top_p"), 1.0),
        "truncation": body.get("truncation") or "disabled",
    }


def _echoed_reasoning(body: dict[str, Any], model: Model) -> dict[str, Any]:
    wanted = body.get("reasoning") or {}
    summary = _summary_kind(wanted.get("summary"))
    if not model.reasons:
        return {"context": None, "effort": None, "summary": summary}
    context = "all_turns" if model.late else "current_turn"
    if wanted.get("context") not in (None, "auto"):
        context = wanted["context"]
    effort = response_effort(body, model)
    return {"context": context, "effort": effort, "mode": wanted.get("mode") or "standard", "summary": summary}


def _summary_kind(wanted: str | None) -> str | None:
    return "detailed" if wanted == "auto" else wanted


def _number(value: float | None, default: float) -> float:
    return default if value is None else float(value)


def _echoed_format(form: dict[str, Any] | None) -> dict[str, Any]:
    if form is None or form["type"] != "json_schema":
        return form or {"type": "text"}
    return {
        "type": "json_schema",
        "description": form.get("description"),
        "name": form["name"],
        "schema": form["schema"],
        "strict": form.get("strict") or False,
    }


def _echoed_tool(tool: dict[str, Any]) -> dict[str, Any]:
    if tool["type"] != "function":
        usual = {"type": tool["type"], "filters": None, "search_context_size": "medium", "user_location": None}
        return usual | tool
    return {
        "type": "function",
        "description": tool.get("description"),
        "name": tool["name"],
        "parameters": tool.get("parameters"),
        "strict": tool.get("strict") is not False,
    }


def _usage(model: Model, prompt: int, cached: int, output: Output) -> dict[str, Any]:
    written = cache_writes(prompt, cached) if model.late else 0
    return {
        "input_tokens": prompt,
        "input_tokens_details": {"cache_write_tokens": written, "cached_tokens": cached},
        "output_tokens": output.token_count,
        "output_tokens_details": {"reasoning_tokens": output.reasoning_tokens},
        "total_tokens": prompt + output.token_count,
    }
