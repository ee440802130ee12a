"""A response: from a request whose shape is read to the whole reply, and to the chunks of a stream."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from core.llms.simulator import conversation as plain
from core.llms.simulator.google.answers import Candidate, create_candidate
from core.llms.simulator.google.contents import to_turns
from core.llms.simulator.google.counting import prompt_pieces, token_details
from core.llms.simulator.google.errors import ApiError
from core.llms.simulator.google.rules import check_request, declarations
from core.llms.simulator.google.schemas import declared_parameters, response_schema
from core.llms.simulator.google.signatures import response_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Literal

    from core.llms.simulator.exchange import Call
    from core.llms.simulator.google.models import Model
    from core.llms.simulator.prompt_cache import PromptCache

FILTER_TRIGGER = "[[content_filter]]"
_PIECES_IN_A_CHUNK = 4
_SEARCH_TOKENS = 64
# The vendor's other tools are taken, and never used by the simulated model.
_SEARCHES = {"googleSearch", "googleSearchRetrieval", "enterpriseWebSearch"}


@dataclass(frozen=True, slots=True)
class Response:
    """A finished response: candidates (none where the prompt was blocked) and the prompt's tokens by modality."""

    id: str
    model: Model
    candidates: tuple[Candidate, ...]
    prompt: Counter[str]
    cached: int
    vertex: bool

    def to_json(self) -> dict[str, Any]:
        """The body of an unstreamed reply."""
        if not self.candidates:
            return {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, **self._frame(self.candidates)}
        bodies = [candidate.to_json(index, vertex=self.vertex) for index, candidate in enumerate(self.candidates)]
        return {"candidates": bodies, **self._frame(self.candidates)}

    def chunks(self) -> Iterator[dict[str, Any]]:
        """The chunks of a stream; usage grows with them, and the last one of each candidate says why it ended."""
        if not self.candidates:
            yield self.to_json()
            return
        for index, candidate in enumerate(self.candidates):
            for parts, last in _streamed_parts(candidate):
                body: dict[str, Any] = {"content": {"parts": parts, "role": "model"}}
                if last:
                    body["finishReason"] = candidate.finish_reason
                    body |= candidate.extras
                if index or not self.vertex:
                    body["index"] = index
                yield {"candidates": [body], **self._frame(self.candidates[: index + 1])}

    def _frame(self, candidates: tuple[Candidate, ...]) -> dict[str, Any]:
        frame = {
            "usageMetadata": self._usage(candidates),
            "modelVersion": self.model.alias_of or self.model.name,
            "responseId": self.id,
        }
        if self.vertex:
            frame["createTime"] = datetime.fromtimestamp(time.time(), UTC).isoformat().replace("+00:00", "Z")
        return frame

    def _usage(self, candidates: tuple[Candidate, ...]) -> dict[str, Any]:
        prompt = self.prompt.total()
        answered = sum(candidate.token_count for candidate in candidates)
        thought = sum(candidate.thought_tokens for candidate in candidates)
        searched = _SEARCH_TOKENS if any(candidate.searched for candidate in candidates) else 0
        usage: dict[str, Any] = {"promptTokenCount": prompt}
        if answered:
            usage["candidatesTokenCount"] = answered
        usage["totalTokenCount"] = prompt + answered + thought + searched
        usage["promptTokensDetails"] = token_details(self.prompt)
        if self.cached:
            usage["cachedContentTokenCount"] = self.cached
            usage["cacheTokensDetails"] = token_details(Counter({"TEXT": self.cached}))
        if thought:
            usage["thoughtsTokenCount"] = thought
        if searched:
            usage["toolUsePromptTokenCount"] = searched
        if not self.vertex:
            return usage | {"serviceTier": "standard"}
        if answered:
            usage["candidatesTokensDetails"] = token_details(Counter({"TEXT": answered}))
        return usage | {"trafficType": "ON_DEMAND"}


def create_response(
    call: Call,
    request: dict[str, Any],
    model: Model,
    cache: PromptCache,
    admit: Callable[[str, int], None],
    account: str,
    *,
    vertex: bool,
) -> Response:
    """Answer a request; `admit` is given model and tokens. Raises: ApiError."""
    check_request(request, model, vertex=vertex)
    conversation = to_conversation(request, vertex=vertex)
    pieces = prompt_pieces(request, model)
    prompt: Counter[str] = Counter()
    for modality, segment in pieces:
        prompt[modality] += segment.tokens
    config = request.get("generationConfig") or {}
    if prompt.total() > model.input_limit:
        raise ApiError(
            f"The input token count ({prompt.total()}) exceeds the maximum number of tokens allowed "
            f"({model.input_limit})."
        )
    admit(model.name, prompt.total() + config.get("maxOutputTokens", 0))
    blocked = FILTER_TRIGGER in conversation.gist
    use = cache.use(account, model.name, [segment for _, segment in pieces], model.cache_minimum)
    candidates = () if blocked else _candidates(call, request, model, conversation, vertex=vertex)
    return Response(response_id(call), model, candidates, prompt, use.read, vertex)


def _candidates(
    call: Call, request: dict[str, Any], model: Model, conversation: plain.Conversation, *, vertex: bool
) -> tuple[Candidate, ...]:
    count = (request.get("generationConfig") or {}).get("candidateCount", 1)
    return tuple(
        create_candidate(call, request, model, conversation, call.decide(conversation, index), index, vertex=vertex)
        for index in range(count)
    )


def to_conversation(request: dict[str, Any], *, vertex: bool) -> plain.Conversation:
    """The request as the brain sees it. Raises: ApiError for media that is none."""
    config = request.get("generationConfig") or {}
    structured = config.get("responseMimeType") in ("application/json", "text/x.enum")
    schema = response_schema(config)
    form = plain.OutputForm()
    if structured:
        form = plain.OutputForm("json_object") if schema is None else plain.OutputForm("json_schema", schema)
    return plain.Conversation(
        turns=to_turns(request.get("systemInstruction"), request["contents"], vertex=vertex),
        tools=tuple(
            plain.Tool(entry["name"], entry.get("description", ""), declared_parameters(entry))
            for entry in declarations(request)
        ),
        tool_choice=_to_choice(request),
        output_form=form,
        web_search=any(_SEARCHES & tool.keys() for tool in request.get("tools") or []),
    )


def _to_choice(request: dict[str, Any]) -> plain.ToolChoice:
    config = (request.get("toolConfig") or {}).get("functionCallingConfig") or {}
    modes: dict[str, Literal["auto", "none", "required"]] = {"ANY": "required", "NONE": "none"}
    return plain.ToolChoice(
        modes.get(config.get("mode", "AUTO"), "auto"), tuple(config.get("allowedFunctionNames") or ())
    )


def _streamed_parts(candidate: Candidate) -> Iterator[tuple[list[dict[str, Any]], bool]]:
    """The parts of each chunk, and whether it is the last: text in pieces, its signature at the end by itself."""
    chunks: list[list[dict[str, Any]]] = []
    for part in candidate.parts:
        if "text" in part and not part.get("thought"):
            texts = ["".join(piece.text for piece in group) for group in _grouped(candidate)]
            chunks += [[{"text": text}] for text in texts]
            if "thoughtSignature" in part:
                chunks.append([{"text": "", "thoughtSignature": part["thoughtSignature"]}])
        else:
            chunks.append([part])
    chunks = chunks or [[{"text": ""}]]
    for position, parts in enumerate(chunks):
        yield parts, position == len(chunks) - 1


def _grouped(candidate: Candidate) -> Iterator[Any]:
    pieces = candidate.pieces
    return (pieces[start : start + _PIECES_IN_A_CHUNK] for start in range(0, len(pieces), _PIECES_IN_A_CHUNK))
