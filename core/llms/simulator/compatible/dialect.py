"""How a vendor of OpenAI's chat wire speaks, as frozen data with a few functions: no vendor is named here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from core.llms.simulator.compatible.thinking import HIDDEN
from core.llms.simulator.exchange import server_sent_event
from core.llms.simulator.openai.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.llms.simulator.compatible.models import HostedModel
    from core.llms.simulator.compatible.responses import Responding
    from core.llms.simulator.compatible.thinking import ThinkingStyle
    from core.llms.simulator.openai.chat import Completion
    from core.llms.simulator.openai.fields import Rule
    from core.llms.simulator.rate_limits import Verdict

Body: TypeAlias = "dict[str, Any]"
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Saying:
    """An error in a vendor's words. The message may hold the places {model}, {key}, {path}, {limit} and {count}."""

    status: int
    message: str
    type: str = "invalid_request_error"
    code: str | None = None

    def error(self, **facts: object) -> ApiError:
        """The error, its places filled."""
        message = self.message.format_map(_Facts(facts))
        return ApiError(message, type=self.type, code=self.code, status=self.status)


# As vLLM says it, and those who run it or took its words.
WINDOW_EXCEEDED = Saying(
    400,
    "This model's maximum context length is {limit} tokens. However, you requested {count} tokens. Please reduce the "
    "length of the messages or completion.",
)


class _Facts(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "simulated"


@dataclass(frozen=True, slots=True)
class ErrorReply:
    """An error as it goes out: an object as JSON, or a text as it is."""

    status: int
    body: Body | str
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """A vendor's errors: what it says, and `render`, the form in which it says that and what the checks found.

    `others` are the statuses besides those of the named sayings; `retired` is for models no longer served. `event` is
    an error inside a stream.
    """

    no_key: Saying
    bad_key: Saying
    no_model: Saying
    no_path: Saying
    too_long: Saying
    limited: Saying
    others: Mapping[int, Saying]
    retired: Saying | None = None
    render: Callable[[ApiError], ErrorReply]
    event: Callable[[Body], bytes] = server_sent_event

    def for_status(self, status: int, code: str | None, message: str | None) -> ApiError:
        """The error of a status; code and message override the vendor's own."""
        said = (self.bad_key, self.no_model, self.limited)
        sayings = {saying.status: saying for saying in said} | dict(self.others)
        saying = sayings.get(status) or sayings[500 if status >= 500 else 400]
        words = saying.error().message if message is None else message
        return ApiError(words, type=saying.type, code=code or saying.code, status=status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What a vendor takes.

    `fields` are those of a chat request; what is none of them is refused, or ignored where `ignores_unknown`, also
    inside of others. `normalize` makes OpenAI's form of a request that was found good, for the machinery. `effort` is
    how hard the model is to think, None or `none` for not at all. `check` raises an ApiError for what depends on the
    model or on several fields. `strict_schemas`: schemas are held to OpenAI's rules.
    """

    fields: Mapping[str, Rule]
    ignores_unknown: bool = False
    normalize: Callable[[Body], Body] = lambda body: body
    effort: Callable[[Body, HostedModel], str | None] = lambda body, model: (
        body.get("reasoning_effort") or model.default_effort
    )
    check: Callable[[Body, HostedModel], None] = lambda body, model: None
    strict_schemas: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How a vendor answers, whole or streamed.

    `completion_id` and `call_id` are patterns of identifiers (see `identifiers`). `thinking` says where this
    request has it shown what was thought. `message` and `choice` are fields that every message and choice has besides.
    `beside_calls` is the content of a message with calls and no words; a string, None, or absent (`...`).
    `numbers_calls`: calls have an index in whole messages, too. `echoes_model`: the model has the name it was asked by.
    `usage` writes the usage object, given OpenAI's; `dress` completes a reply, `dress_chunk` a chunk of a stream, whose
    last argument says whether it is one that ends a choice.
    """

    completion_id: str
    call_id: str
    thinking: Callable[[Body], ThinkingStyle] = lambda body: HIDDEN
    message: Mapping[str, Any] = field(default_factory=dict)
    choice: Mapping[str, Any] = field(default_factory=dict)
    beside_calls: Any = None
    numbers_calls: bool = False
    echoes_model: bool = False
    finish_reasons: Mapping[str, str] = field(default_factory=dict)
    usage: Callable[[Completion], Body] = lambda completion: completion.usage
    dress: Callable[[Body, Completion], Body] = lambda body, completion: body
    dress_chunk: Callable[[Body, Completion, bool], Body] = lambda chunk, completion, ends: chunk


@dataclass(frozen=True, slots=True, kw_only=True)
class Streaming:
    """How a vendor streams.

    `role`: the role comes in a chunk of its own, with the first words, or in every chunk. `nulls`: chunks hold
    `finish_reason: null` until the end. `ending` is the delta of the chunk that ends a choice. `whole_calls`: a tool
    call comes in one piece. `usage`: in a chunk of its own when it was asked for, or always, or in the chunk that ends
    the last choice, always or when asked, or in every chunk. `done`: the stream ends with `[DONE]`. `repeats`: a
    chunk holds the whole message so far, too. `opening` comes before all events.
    """

    role: Literal["own", "first", "every"] = "own"
    nulls: bool = True
    ending: Mapping[str, Any] = field(default_factory=dict)
    whole_calls: bool = False
    usage: Literal["asked", "always", "at_end", "at_end_asked", "every"] = "asked"
    done: bool = True
    repeats: bool = False
    opening: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Embeddings:
    """A vendor's embeddings: the fields it takes, the name of `dimensions` among them, and how it completes a reply."""

    fields: Mapping[str, Rule]
    dimensions: str = "dimensions"
    required: tuple[str, ...] = ()
    dress: Callable[[Body, HostedModel], Body] = lambda body, model: body


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """A vendor of OpenAI's chat wire.

    `prefix` is where it lives in the simulator and `root` the path that its base URL ends with. The variable `address`
    holds the base URL, or the host alone where `address_is_host`; `keys` are the variables of the key, and `own_key`
    is the one that the simulator gives out. `needs_key` is off for a server without accounts. Below one of `owners`
    every model's name is taken; `retired` are models of which the vendor still says that it had them. `chat_at_host`:
    chat completions are also at the host itself, without the root. `bare_name` takes from a model's name what only says
    where it is to run. `request_ids` are headers with their patterns. `language_card` is an entry of a list beside that
    of all models, where the vendor has one.
    """

    provider: str
    prefix: str
    root: str
    keys: tuple[str, ...]
    address: str
    address_is_host: bool = False
    own_key: str
    needs_key: bool = True
    models: tuple[HostedModel, ...]
    owners: tuple[str, ...] = ()
    retired: frozenset[str] = frozenset()
    asking: Asking
    telling: Telling
    streaming: Streaming = Streaming()
    errors: Errors
    chat_at_host: bool = False
    request_ids: Mapping[str, str] = field(default_factory=dict)
    limits: Callable[[Verdict | None], dict[str, str]] = lambda verdict: {}
    bare_name: Callable[[str], str] = lambda name: name
    card: Callable[[HostedModel], Body]
    language_card: Callable[[HostedModel], Body] | None = None
    listing: Callable[[list[Body]], Any] = lambda cards: {"object": "list", "data": cards}
    embeddings: Embeddings | None = None
    responses: Responding | None = None
