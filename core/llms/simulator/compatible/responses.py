"""The Responses wire as vendors other than OpenAI speak it: their fields, their items, their usage."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from core.llms.simulator.compatible.vocabulary import check_shape
from core.llms.simulator.exchange import HttpReply, json_bytes, server_sent_event
from core.llms.simulator.openai.chat_stream import DONE
from core.llms.simulator.openai.endpoints import event_stream
from core.llms.simulator.openai.errors import ApiError
from core.llms.simulator.openai.responses import ResponseManner, create_response
from core.llms.simulator.openai.responses_fields import RESPONSE_FIELDS
from core.llms.simulator.openai.responses_rules import chosen_tool_names, function_tools
from core.llms.simulator.openai.responses_stream import encode_events, stream_events
from core.llms.simulator.openai.tools import check_tool_choice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.llms.simulator.compatible.models import HostedModel
    from core.llms.simulator.conversation import Answer
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.openai.fields import Rule
    from core.llms.simulator.openai.models import Model
    from core.llms.simulator.openai.responses_store import ResponseStore
    from core.llms.simulator.openai.service import Service
    from core.llms.simulator.tokens import Tokenizer


@dataclass(frozen=True, slots=True, kw_only=True)
class Responding:
    """How a vendor speaks Responses; unknown fields are ignored.

    `normalize` makes OpenAI's form of a request that was found good. `keeps`: responses are kept, and can be gone on
    from. `open_thoughts`: what was thought is text of the reasoning items, and comes back or not as the caller likes.
    `usage` writes the usage object, given OpenAI's and the number of searches. `item` is each item of the output in the
    vendor's form. `events` are the types of events that the vendor sends, None for all. `named_events` is off where
    events have no `event:` line; a stream ends with `[DONE]` then, and begins with `opening`.
    """

    fields: Mapping[str, Rule] = field(default_factory=lambda: RESPONSE_FIELDS)
    normalize: Callable[[dict[str, Any]], dict[str, Any]] = lambda body: body
    keeps: bool = True
    open_thoughts: bool = False
    usage: Callable[[dict[str, Any], HostedModel, int], dict[str, Any]] = lambda usage, model, searches: usage
    item: Callable[[dict[str, Any]], dict[str, Any]] = lambda item: item
    events: frozenset[str] | None = None
    named_events: bool = True
    opening: tuple[bytes, ...] = ()


def answer_response(
    responding: Responding,
    service: Service,
    store: ResponseStore,
    call: Call,
    account: str,
    body: dict[str, Any],
    model: HostedModel,
    headers: Mapping[str, str],
) -> HttpReply:
    """POST /responses, whole or streamed. Raises: ApiError."""
    request = _prepared(responding, body)
    response = create_response(service, store, call, account, request, model, _MANNER)
    written = response.body | {
        "usage": responding.usage(response.body["usage"], model, int(response.output.searched)),
        "output": [responding.item(_thought_open(responding, item)) for item in response.body["output"]],
    }
    if not body.get("stream"):
        return HttpReply(headers=dict(headers), body=json_bytes(written))
    events = [
        event
        for event in stream_events(replace(response, body=written))
        if responding.events is None or event["type"] in responding.events
    ]
    if responding.named_events:
        return event_stream(dict(headers), encode_events(iter(events), obfuscate=False))
    numbered = [server_sent_event(event | {"sequence_number": number}) for number, event in enumerate(events)]
    return event_stream(dict(headers), (*responding.opening, *numbered, DONE))


def check_response(responding: Responding, body: Any) -> dict[str, Any]:
    """The request, once its fields have the right types and ranges. Raises: ApiError."""
    return check_shape(body, responding.fields, ("model", "input"), ignores_unknown=True)


def _prepared(responding: Responding, body: dict[str, Any]) -> dict[str, Any]:
    request = responding.normalize(dict(body))
    reasoning = request.get("reasoning") or {}
    request["reasoning"] = reasoning | {"summary": reasoning.get("summary") or "detailed"}
    if not responding.keeps:
        request["store"] = False
    if responding.open_thoughts and isinstance(request["input"], list):
        request["input"] = [item for item in request["input"] if item.get("type") != "reasoning"]
    return request


def _thought_open(responding: Responding, item: dict[str, Any]) -> dict[str, Any]:
    if item["type"] != "reasoning" or not responding.open_thoughts:
        return item
    shown = [{"type": "reasoning_text", "text": part["text"]} for part in item["summary"]]
    return item | {"summary": [], "content": shown}


def _check(body: dict[str, Any], model: Model) -> None:
    if model.kind != "chat":
        raise ApiError(f"The model `{model.name}` cannot be used with the Responses API.", param="model")
    names = [tool["name"] for tool in function_tools(body)]
    choice = body.get("tool_choice")
    if isinstance(choice, dict) or choice == "required":
        check_tool_choice(choice, names or [tool["type"] for tool in body.get("tools") or ()], chosen_tool_names(body))
    effort = (body.get("reasoning") or {}).get("effort")
    if effort is not None and effort not in model.efforts:
        known = ", ".join(f"`{name}`" for name in model.efforts) or "nothing"
        raise ApiError(f"`reasoning.effort` must be one of {known}", param="reasoning.effort", code="invalid_value")


def _count_thoughts(effort: str | None, answer: Answer, tokenizer: Tokenizer) -> int:
    return 0 if effort in (None, "none") else tokenizer.count(answer.reasoning_summary)


_MANNER = ResponseManner(check=_check, count_thoughts=_count_thoughts)
