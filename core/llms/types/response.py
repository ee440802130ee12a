"""What a call answers: the response, its choices, why it ended, and the attempts it took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, TypeAlias, TypeVar

from core.llms.types.caching import CacheHit
from core.llms.types.content import ToolCall
from core.llms.types.messages import AssistantMessage
from core.llms.types.quick_init import quick_init
from core.llms.types.usage import Usage

UnifiedFinish: TypeAlias = Literal[
    "stop", "length", "tool_calls", "content_filter", "refusal", "pause", "error", "other"
]


@quick_init
@dataclass(frozen=True, slots=True)
class FinishReason:
    """Why the model stopped: one word for all vendors, and the vendor's own."""

    unified: UnifiedFinish
    raw: str | None = None

    def __str__(self) -> str:
        return self.unified


@quick_init
@dataclass(frozen=True, slots=True)
class Choice:
    """One of `n` answers. `logprobs` and `content_filter` are as received."""

    message: AssistantMessage
    finish_reason: FinishReason
    logprobs: Mapping[str, Any] | None = field(default=None, repr=False)
    content_filter: Mapping[str, Any] | None = field(default=None, repr=False)


@quick_init
@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at one target. `outcome` is `ok`, `cancelled` or the error's class name.

    `maybe_charged` marks one whose request may have been accepted though no answer came: its usage is an estimate.
    `account` tells the credentials of one address apart without telling them; `alias` is the name of a configuration.
    `queued_seconds` are those of `seconds` that a rate limiter let it wait.
    """

    provider: str
    model: str
    outcome: str
    seconds: float
    status: int | None = None
    usage: Usage | None = None
    cost: Decimal | None = None
    maybe_charged: bool = False
    account: str = ""
    alias: str | None = None
    queued_seconds: float = 0.0


@quick_init
@dataclass(frozen=True, slots=True)
class LLMResponse:
    """A whole answer. `message` goes back into `messages` without loss; `text` is the first choice's.

    `cost` is in USD, or None with the reason in `cost_unknown_reason`. `parsed` is the object that
    `response_model=` asked for. `raw` is the decoded body. `cache` is set where the answer came out of a cache: `usage`
    is then that of the call that made it.
    """

    choices: tuple[Choice, ...]
    usage: Usage
    model: str = ""
    id: str | None = None
    provider: str = ""
    request_id: str | None = None
    cost: Decimal | None = None
    cost_unknown_reason: str | None = None
    warnings: tuple[str, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    parsed: Any = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)
    cache: CacheHit | None = None

    @property
    def cached(self) -> bool:
        """Whether the answer came out of a cache."""
        return self.cache is not None

    @property
    def cost_saved(self) -> Decimal | None:
        """What the answer cost in USD when it was made, where a cache saved that; else None."""
        return None if self.cache is None else self.cache.cost_saved

    @property
    def message(self) -> AssistantMessage:
        """The first choice's message."""
        return self.choices[0].message

    @property
    def text(self) -> str:
        """The first choice's text."""
        return self.choices[0].message.text

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """The first choice's tool calls."""
        return self.choices[0].message.tool_calls

    @property
    def reasoning(self) -> str | None:
        """The first choice's visible reasoning."""
        return self.choices[0].message.reasoning

    @property
    def refusal(self) -> str | None:
        """The first choice's refusal."""
        return self.choices[0].message.refusal

    @property
    def finish_reason(self) -> FinishReason:
        """Why the first choice ended."""
        return self.choices[0].finish_reason


@dataclass(frozen=True, slots=True)
class EmbeddingResponse:
    """Vectors in the order of the texts, each of the same length. `cache` is set where they came out of a cache."""

    vectors: tuple[tuple[float, ...], ...] = field(repr=False)
    usage: Usage
    model: str = ""
    provider: str = ""
    request_id: str | None = None
    cost: Decimal | None = None
    cost_unknown_reason: str | None = None
    warnings: tuple[str, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    cache: CacheHit | None = None


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model as the vendor's list has it; `raw` is the entry as received."""

    id: str
    created: int | None = None
    owned_by: str | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class TokenCount:
    """The input tokens of a request, in all and by what they come from.

    `exact` is true where every figure is published, confirmed by recorded exchanges or the vendor's own; otherwise
    `note` says what is estimated. `text_tokens` holds the messages with their frames, `file_tokens` documents and
    sound. `unseen_image_tokens` are not in it: so many more can come of images whose size is not known, as of those on
    the web. The vendor's own count gives no breakdown.
    """

    tokens: int
    exact: bool
    note: str | None = None
    text_tokens: int = 0
    image_tokens: int = 0
    tool_tokens: int = 0
    file_tokens: int = 0
    unseen_image_tokens: int = 0


ResponseT = TypeVar("ResponseT", LLMResponse, EmbeddingResponse)
_set_attribute = object.__setattr__


def seal_response(response: ResponseT, **facts: Any) -> ResponseT:
    """Fill in what the wire cannot know (cost, attempts, provider). Called once, before anybody else has the value."""
    for name, value in facts.items():
        _set_attribute(response, name, value)
    return response
