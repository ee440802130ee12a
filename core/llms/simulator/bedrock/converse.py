"""An answer of Converse: from the bytes of a request to the whole reply, and to the frames of a stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.llms.simulator.bedrock import guardrails
from core.llms.simulator.bedrock.answers import Output, create_output, text_output
from core.llms.simulator.bedrock.counting import prompt_segments
from core.llms.simulator.bedrock.errors import ApiError
from core.llms.simulator.bedrock.frames import encode_event
from core.llms.simulator.bedrock.model_fields import plan_reasoning
from core.llms.simulator.bedrock.prompts import to_conversation
from core.llms.simulator.bedrock.request_rules import check_request
from core.llms.simulator.prompt_cache import CacheUse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.llms.simulator.bedrock.auth import Caller
    from core.llms.simulator.bedrock.models import Model, Target
    from core.llms.simulator.conversation import Conversation
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.prompt_cache import PromptCache

_FIRST_MILLISECONDS = 180
_MILLISECONDS_PER_TOKEN = 7


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with everything a whole reply or a stream of it says."""

    model: Model
    request: dict[str, Any]
    output: Output
    cache: CacheUse
    trace: dict[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """The body of an unstreamed reply."""
        content = [block.whole for block in self.output.blocks if block.whole is not None]
        body = {
            "metrics": self._metrics(),
            "output": {"message": {"content": content, "role": "assistant"}},
            "stopReason": self.output.stop_reason,
            "usage": self._usage(),
        }
        return body | self._native() | self._echoed()

    def to_frames(self) -> Iterator[bytes]:
        """The events of a stream: text has no start of its own, what it took comes last."""
        yield encode_event("messageStart", {"role": "assistant"})
        for index, block in enumerate(self.output.blocks):
            place = {"contentBlockIndex": index}
            if block.start is not None:
                yield encode_event("contentBlockStart", {**place, "start": block.start})
            for delta in block.deltas:
                yield encode_event("contentBlockDelta", {**place, "delta": delta})
            yield encode_event("contentBlockStop", place)
        yield encode_event("messageStop", {"stopReason": self.output.stop_reason, **self._native()})
        yield encode_event("metadata", {"metrics": self._metrics(), "usage": self._usage(), **self._echoed()})

    def _metrics(self) -> dict[str, int]:
        return {"latencyMs": _FIRST_MILLISECONDS + _MILLISECONDS_PER_TOKEN * self.output.tokens}

    def _usage(self) -> dict[str, Any]:
        cache = self.cache
        usage: dict[str, Any] = {
            "inputTokens": cache.uncached,
            "outputTokens": self.output.tokens,
            "serverToolUsage": {},
            "totalTokens": cache.total + self.output.tokens,
        }
        if self.model.family == "claude" or cache.read or cache.written:
            usage |= {
                "cacheReadInputTokenCount": cache.read,
                "cacheReadInputTokens": cache.read,
                "cacheWriteInputTokenCount": cache.written,
                "cacheWriteInputTokens": cache.written,
            }
        written = {"5m": cache.written_5m, "1h": cache.written_1h}
        details = [{"inputTokens": count, "ttl": ttl} for ttl, count in written.items() if count]
        return usage | ({"cacheDetails": details} if details else {})

    def _native(self) -> dict[str, Any]:
        """Fields of the model's own answer that the request points at."""
        native = {"/stop_reason": self.output.stop_reason, "/stop_sequence": self.output.stop_sequence}
        paths = self.request.get("additionalModelResponseFieldPaths", ())
        found = {path.removeprefix("/"): native[path] for path in paths if path in native}
        return {"additionalModelResponseFields": found} if found else {}

    def _echoed(self) -> dict[str, Any]:
        said = {name: self.request[name] for name in ("performanceConfig", "serviceTier") if name in self.request}
        return said | ({} if self.trace is None else {"trace": self.trace})


def create_reply(
    call: Call,
    caller: Caller,
    target: Target,
    body: dict[str, Any],
    cache: PromptCache,
    admit: Callable[[str, Target, int], None],
) -> Reply:
    """Answer a request whose shape is checked; `admit` is given account, target and tokens. Raises: ApiError."""
    model = target.model
    fields = check_request(body, model)
    conversation = to_conversation(body)
    segments = prompt_segments(body)
    total = sum(segment.tokens for segment in segments)
    if total > model.context_window:
        raise ApiError("Input is too long for requested model.")
    admit(caller.account, target, total + body.get("inferenceConfig", {}).get("maxTokens", model.max_output))
    blocked = _blocked_input(caller, body, conversation, model)
    if blocked is not None:
        return blocked
    use = cache.use(caller.account, model.id, segments, model.cache_minimum or 0)
    plan = plan_reasoning(body, fields, model)
    output = create_output(call, body, model, plan, conversation, model.context_window - total)
    return _guarded(Reply(model, body, output, use), caller)


def _blocked_input(caller: Caller, body: dict[str, Any], conversation: Conversation, model: Model) -> Reply | None:
    config = body.get("guardrailConfig")
    asked = guardrails.guarded_text(body, conversation)
    if not config or not guardrails.blocks(config, asked):
        return None
    trace = guardrails.trace(config, asked, caller.region, output=False)
    return Reply(model, body, _blocked_output(), CacheUse(0), trace)


def _guarded(reply: Reply, caller: Caller) -> Reply:
    """The reply, or what a guardrail says instead of it."""
    config = reply.request.get("guardrailConfig")
    said = "\n".join(block.text for block in reply.output.blocks)
    if not config or not guardrails.blocks(config, said):
        return reply
    trace = guardrails.trace(config, said, caller.region, output=True)
    return Reply(reply.model, reply.request, _blocked_output(reply.output.tokens), reply.cache, trace)


def _blocked_output(tokens: int = 0) -> Output:
    return text_output(guardrails.BLOCKED, "guardrail_intervened", tokens)
