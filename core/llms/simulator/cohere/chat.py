"""An answer: from a request of the right shape to the whole reply. How it streams is in `stream`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.llms.simulator.cohere.answers import Output, create_output
from core.llms.simulator.cohere.counting import IMAGE_TOKENS, load, own_segment, prompt_segments, whole_blocks
from core.llms.simulator.cohere.errors import ApiError, error_for_status
from core.llms.simulator.cohere.headers import limit_error, reply_id
from core.llms.simulator.cohere.message_rules import count_images
from core.llms.simulator.cohere.models import find_chat_model
from core.llms.simulator.cohere.prompts import find_sources, to_conversation
from core.llms.simulator.cohere.request_rules import check_request
from core.llms.simulator.generation import token_logprob

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from core.llms.simulator.cohere.models import ChatModel
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.prompt_cache import PromptCache
    from core.llms.simulator.rate_limits import Verdict
    from core.llms.simulator.tokens import Piece

    Admit: TypeAlias = Callable[[str, str, int], Verdict | None]

FILTER_TRIGGER = "[[content_filter]]"


@dataclass(frozen=True, slots=True)
class Prompt:
    """The tokens of a prompt: what is billed, what it is long, what was cached of it, and what its images take."""

    billed: int
    total: int
    cached: int
    images: int


@dataclass(frozen=True, slots=True)
class Reply:
    """A finished answer with everything a reply or a stream of it needs."""

    id: str
    model: ChatModel
    output: Output
    prompt: Prompt
    wants_logprobs: bool
    verdict: Verdict | None

    def to_json(self) -> dict[str, Any]:
        """The body of an unstreamed reply."""
        body = {
            "id": self.id,
            "message": self._message(),
            "finish_reason": self.output.finish_reason,
            "usage": self.usage(),
        }
        return {**body, "logprobs": self.logprobs()} if self.wants_logprobs else body

    def usage(self) -> dict[str, Any]:
        """What is billed, and how many tokens there were."""
        output, prompt = self.output, self.prompt
        tokens = {"input_tokens": prompt.total, "output_tokens": output.billed_tokens + output.part_count}
        if self.model.reasons:
            tokens["reasoning_tokens"] = output.thinking_tokens
        if prompt.images:
            tokens["image_tokens"] = prompt.images
        return {
            "billed_units": {"input_tokens": prompt.billed, "output_tokens": output.billed_tokens},
            "tokens": tokens,
            "cached_tokens": prompt.cached,
        }

    def logprobs(self) -> list[dict[str, Any]]:
        """The log probability of each token of the text."""
        pieces = self.output.text.pieces if self.output.text is not None else ()
        return [piece_logprobs(piece, position) for position, piece in enumerate(pieces)]

    def _message(self) -> dict[str, Any]:
        output = self.output
        message: dict[str, Any] = {"role": "assistant"}
        content = []
        if output.thinking is not None:
            content.append({"type": "thinking", "thinking": output.thinking.text})
        if output.text is not None:
            content.append({"type": "text", "text": output.text.text})
        if content:
            message["content"] = content
        if output.plan is not None:
            message["tool_plan"] = output.plan.text
        if output.calls:
            message["tool_calls"] = [call.to_json() for call in output.calls]
        if output.citations:
            message["citations"] = [citation.to_json(output.text_index) for citation in output.citations]
        return message


def piece_logprobs(piece: Piece, position: int) -> dict[str, Any]:
    """The ids of a piece's tokens with made-up log probabilities, always the same."""
    ids = load().encode(piece.text)
    chances = [token_logprob(piece.text, position + index) for index in range(len(ids))]
    return {"text": piece.text, "token_ids": ids, "logprobs": chances}


def create_reply(call: Call, account: str, body: dict[str, Any], cache: PromptCache, admit: Admit) -> Reply:
    """Answer a request whose shape is checked; `admit` is given account, model and tokens. Raises: ApiError."""
    model = find_chat_model(body["model"])
    check_request(body, model)
    conversation = to_conversation(body)
    own, segments = own_segment(body, model), prompt_segments(body)
    billed = sum(segment.tokens for segment in segments)
    if billed > model.context_window:
        raise ApiError(
            f"too many tokens: size limit exceeded by {billed - model.context_window} tokens. "
            "Try using shorter or fewer inputs, or setting prompt_truncation='AUTO'."
        )
    if FILTER_TRIGGER in conversation.gist:
        raise error_for_status(498)
    verdict = admit(account, model.name, billed + body.get("max_tokens", model.max_output))
    if verdict is not None and verdict.refused_by is not None:
        raise limit_error(verdict)
    use = cache.use(account, model.name, [own, *segments], 1)
    output = create_output(call, body, model, conversation, find_sources(body), model.context_window - billed)
    images = count_images(body["messages"]) * IMAGE_TOKENS
    prompt = Prompt(billed, own.tokens + billed, whole_blocks(use.read), images)
    return Reply(reply_id(call), model, output, prompt, bool(body.get("logprobs")), verdict)
