"""A message: from a request of the right shape to the whole reply. How it streams is in `stream`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.llms.simulator.anthropic.answers import Output, create_output
from core.llms.simulator.anthropic.counting import prompt_segments
from core.llms.simulator.anthropic.errors import ApiError, model_not_found
from core.llms.simulator.anthropic.headers import limit_error
from core.llms.simulator.anthropic.models import Model, find_model
from core.llms.simulator.anthropic.prompts import to_conversation
from core.llms.simulator.anthropic.request_rules import check_prompt, check_request
from core.llms.simulator.anthropic.seals import identifier
from core.llms.simulator.anthropic.turns import lay_out

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from core.llms.simulator.exchange import Call
    from core.llms.simulator.prompt_cache import CacheUse, PromptCache
    from core.llms.simulator.rate_limits import Verdict

    Admit: TypeAlias = Callable[[str, str, int], Verdict | None]

FILTER_TRIGGER = "[[content_filter]]"


@dataclass(frozen=True, slots=True)
class Message:
    """A finished message with everything a reply or a stream of it needs."""

    id: str
    model: Model
    output: Output
    cache: CacheUse
    request: dict[str, Any]
    verdict: Verdict | None

    def to_json(self) -> dict[str, Any]:
        """The body of an unstreamed reply."""
        output = self.output
        return self.head() | {
            "content": [block.whole for block in output.blocks],
            "stop_reason": output.stop_reason,
            "stop_sequence": output.stop_sequence,
            "stop_details": output.stop_details,
            "usage": self._prompt_usage() | self._answer_usage(),
        }

    def started(self) -> dict[str, Any]:
        """The body as the first event of a stream has it."""
        usage = self._prompt_usage() | {"output_tokens": 1}
        return self.head() | {
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "stop_details": None,
            "usage": usage,
        }

    def final_usage(self) -> dict[str, Any]:
        """The usage of the last event but one: totals."""
        return {
            "input_tokens": self.cache.uncached,
            "cache_creation_input_tokens": self.cache.written,
            "cache_read_input_tokens": self.cache.read,
        } | self._answer_usage()

    def head(self) -> dict[str, Any]:
        """What begins the body."""
        return {"model": self.model.name, "id": self.id, "type": "message", "role": "assistant"}

    def _prompt_usage(self) -> dict[str, Any]:
        return {
            "input_tokens": self.cache.uncached,
            "cache_creation_input_tokens": self.cache.written,
            "cache_read_input_tokens": self.cache.read,
            "cache_creation": {
                "ephemeral_5m_input_tokens": self.cache.written_5m,
                "ephemeral_1h_input_tokens": self.cache.written_1h,
            },
            "service_tier": "standard",
            "inference_geo": self.request.get("inference_geo") or "global",
        }

    def _answer_usage(self) -> dict[str, Any]:
        usage: dict[str, Any] = {"output_tokens": self.output.token_count}
        if self.output.thinking_tokens:
            usage["output_tokens_details"] = {"thinking_tokens": self.output.thinking_tokens}
        if self.output.searches:
            usage["server_tool_use"] = {"web_search_requests": self.output.searches, "web_fetch_requests": 0}
        return usage


def resolve_model(name: str) -> Model:
    """The model of a name. Raises: ApiError with status 404."""
    model = find_model(name)
    if model is None:
        raise model_not_found(name)
    return model


def create_message(
    call: Call, account: str, body: dict[str, Any], version: str, cache: PromptCache, admit: Admit
) -> Message:
    """Answer a request whose shape is checked; `admit` is given account, model and tokens. Raises: ApiError."""
    model = resolve_model(body["model"])
    turns = lay_out(body["messages"])
    check_request(body, turns, model, version)
    conversation = to_conversation(body, turns)
    segments = prompt_segments(body, turns)
    total = sum(segment.tokens for segment in segments)
    if total > model.context_window:
        raise ApiError(f"prompt is too long: {total} tokens > {model.context_window} maximum")
    if FILTER_TRIGGER in conversation.gist:
        raise ApiError("Output blocked by content filtering policy")
    verdict = admit(account, model.name, total + body["max_tokens"])
    if verdict is not None and verdict.refused_by is not None:
        raise limit_error(verdict, model.name)
    use = cache.use(account, model.name, segments, model.cache_minimum)
    output = create_output(call, body, turns, model, conversation, model.context_window - total)
    return Message(identifier("msg_", call), model, output, use, body, verdict)


def count_tokens(body: dict[str, Any], version: str) -> int:
    """The input tokens of a request whose shape is checked. Raises: ApiError."""
    model = resolve_model(body["model"])
    turns = lay_out(body["messages"])
    check_prompt(body, turns, model, version)
    to_conversation(body, turns)
    return sum(segment.tokens for segment in prompt_segments(body, turns))
