"""The features, and how each is tried with an LLM without sending anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from core.llms.errors import InvalidRequestError, UnsupportedCapabilityError
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.base.metadata import BaseMetadata, Capability
from core.llms.types.content import AudioPart, CachePoint, FilePart, ImagePart, ReasoningPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage, Message, ToolMessage, UserMessage
from core.llms.types.parameters import PARAM_SEED, PARAM_STOP
from core.llms.types.tools import Tool

_PNG: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
_WAV: Final = b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00"
_TOOL: Final = Tool("look", "Looks.")
_SEAL: Final = "c2VhbGVk"
_THOUGHT: Final = "What was thought."


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that a provider may be able to do.

    `probe` does it with an LLM as far as that goes without sending; it raises `InvalidRequestError` where it cannot be
    done, and may return a word on how it is done. `facts` says what a model's metadata know of it. `open_to_unlisted`
    says whether a model that is not listed may do what none of the listed does.
    """

    name: str
    title: str
    meaning: str
    probe: Callable[[BaseLLM], str | None]
    facts: Callable[[type[BaseMetadata]], bool | None] = lambda metadata: True
    open_to_unlisted: Callable[[type[BaseLLM]], bool] = lambda kind: False


def _render(llm: BaseLLM, *content: Any, told: tuple[Message, ...] = (), **options: Any) -> Any:
    """Render a call; a hint that would be left out with a warning counts as not possible."""
    rendered = llm.render_answer([UserMessage(content or "Hi"), *told], **options)
    if rendered.warnings:
        raise UnsupportedCapabilityError("; ".join(rendered.warnings), provider=llm.PROVIDER, model=llm.model)
    return rendered


def _stream(llm: BaseLLM) -> None:
    _render(llm, stream=True)


def _image(llm: BaseLLM) -> None:
    _render(llm, TextPart("Hi"), ImagePart(data=_PNG))


def _document(llm: BaseLLM) -> str | None:
    try:
        _render(llm, TextPart("Hi"), FilePart(data=b"%PDF-1.4\n%%EOF", filename="a.pdf", media_type="application/pdf"))
    except InvalidRequestError:
        _render(llm, TextPart("Hi"), FilePart(data=b"Text.", filename="a.txt", media_type="text/plain"))
        return "text"
    return None


def _citations(llm: BaseLLM) -> None:
    text = FilePart(data=b"Text.", filename="a.txt", media_type="text/plain", citations=True)
    _render(llm, TextPart("Hi"), text)


def _sound(llm: BaseLLM) -> None:
    _render(llm, TextPart("Hi"), AudioPart(data=_WAV, format="wav"))


def _cache_points(llm: BaseLLM) -> None:
    _render(llm, TextPart("Hi"), CachePoint())


def _tools(llm: BaseLLM) -> None:
    _render(llm, tools=[_TOOL])


def _parallel_tools(llm: BaseLLM) -> None:
    _tools(llm)
    if llm.metadata.supports(Capability.PARALLEL_TOOLS) is False:
        raise UnsupportedCapabilityError("the model calls one tool at a time", provider=llm.PROVIDER, model=llm.model)


def _tool_choice(llm: BaseLLM) -> None:
    _render(llm, tools=[_TOOL], tool_choice="required")


def _typed(llm: BaseLLM) -> str | None:
    _render(llm, response_model=dict[str, int])
    return "by tool" if llm.metadata.supports(Capability.STRUCTURED_OUTPUT) is False else None


def _reasoning(llm: BaseLLM) -> None:
    efforts = llm.metadata.REASONING_EFFORTS or ("high",)
    _render(llm, reasoning_effort=efforts[-1])


def _reasoning_returns(llm: BaseLLM) -> None:
    _reasoning(llm)
    origin = getattr(getattr(llm.wire, "dialect", None), "origin", llm.wire.name)
    call = ToolCall("call00001", "look", {}, "{}", item_id="call00001", signature=_SEAL, origin=origin)
    thought = ReasoningPart(_THOUGHT, _SEAL, id="rs_1", origin=origin)
    told = (AssistantMessage((thought, call)), ToolMessage("rain", "call00001"))
    sent = repr(_render(llm, told=told, tools=[_TOOL]).body)
    if _THOUGHT not in sent and _SEAL not in sent:
        raise UnsupportedCapabilityError("reasoning does not go back", provider=llm.PROVIDER, model=llm.model)


def _stop(llm: BaseLLM) -> None:
    _render(llm, stop=["END"])


def _seed(llm: BaseLLM) -> None:
    _render(llm, seed=7)


def _embeddings(llm: BaseLLM) -> None:
    llm.require_embeddings()


def _models(llm: BaseLLM) -> None:
    llm.wire.render_models()


def _token_count(llm: BaseLLM) -> None:
    llm.require_token_count()


def _reported_cost(llm: BaseLLM) -> None:
    if getattr(getattr(llm.wire, "dialect", None), "reported_cost", None) is None:
        raise UnsupportedCapabilityError("the vendor reports no cost", provider=llm.PROVIDER, model=llm.model)


def _able(capability: Capability) -> Callable[[type[BaseMetadata]], bool | None]:
    return lambda metadata: metadata.supports(capability)


def _able_to_type(metadata: type[BaseMetadata]) -> bool | None:
    native = metadata.supports(Capability.STRUCTURED_OUTPUT)
    return native or metadata.supports(Capability.TOOLS)


def _takes(parameter: str) -> Callable[[type[BaseMetadata]], bool | None]:
    return lambda metadata: None if metadata.SUPPORTED_PARAMS is None else parameter in metadata.SUPPORTED_PARAMS


FEATURES: Final = (
    Feature("streaming", "streams", "answers as events, while they come", _stream),
    Feature("images", "images", "images in a prompt", _image, _able(Capability.VISION)),
    Feature("documents", "documents", "documents in a prompt", _document, _able(Capability.FILES)),
    Feature("citations", "citations", "answers that cite a document", _citations, _able(Capability.FILES)),
    Feature("sound", "sound", "recorded sound in a prompt", _sound, _able(Capability.AUDIO_INPUT)),
    Feature("cache_points", "cache points", "marks of what the vendor should cache", _cache_points),
    Feature("tools", "tools", "calls of tools", _tools, _able(Capability.TOOLS)),
    Feature(
        "parallel_tools", "parallel calls", "several calls at once", _parallel_tools, _able(Capability.PARALLEL_TOOLS)
    ),
    Feature("tool_choice", "forced choice", "a call that the model must make", _tool_choice, _able(Capability.TOOLS)),
    Feature("typed_answers", "typed answers", "answers that fit a type", _typed, _able_to_type),
    Feature("reasoning", "reasoning", "how much the model reasons", _reasoning, _able(Capability.REASONING)),
    Feature(
        "reasoning_returns",
        "reasoning goes back",
        "reasoning, or its seal, in the next turn",
        _reasoning_returns,
        _able(Capability.REASONING),
    ),
    Feature("stop", "stop", "texts that end an answer", _stop, _takes(PARAM_STOP)),
    Feature("seed", "seed", "a seed for sampling", _seed, _takes(PARAM_SEED)),
    Feature(
        "embeddings",
        "embeddings",
        "vectors of texts",
        _embeddings,
        _able(Capability.EMBEDDINGS),
        open_to_unlisted=lambda kind: kind.EMBEDS,
    ),
    Feature("models", "model list", "the models that the vendor offers", _models),
    Feature("token_count", "token count", "the vendor's own count of a prompt's tokens", _token_count),
    Feature("reported_cost", "reported cost", "the cost as the vendor says it", _reported_cost),
)
