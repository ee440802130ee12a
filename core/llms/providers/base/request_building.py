"""From what the caller typed to a checked `LLMRequest`. Nothing is sent before this has passed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from core.llms.errors import InvalidRequestError, UnsupportedCapabilityError, UnsupportedParameterError
from core.llms.providers.base.metadata import BaseMetadata, Capability
from core.llms.providers.base.parameter_refusals import find_refusals
from core.llms.types.content import AudioPart, FilePart, ImagePart
from core.llms.types.message_dicts import MessagesInput, parse_messages
from core.llms.types.messages import Message, UserMessage
from core.llms.types.options import SETTINGS, OnUnsupported
from core.llms.types.parameters import PARAM_FREQUENCY_PENALTY, PARAM_PRESENCE_PENALTY
from core.llms.types.request import LLMRequest
from core.llms.types.tools import ResponseFormat, ServerTool, Tool, ToolChoice
from core.llms.wires.base import Wire

Transform: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]

_MEDIA_CAPABILITY = {
    ImagePart: Capability.VISION,
    FilePart: Capability.FILES,
    AudioPart: Capability.AUDIO_INPUT,
}
# Where there are no penalties, a penalty of nothing is what holds anyway: leaving it out changes nothing.
_PENALTIES = frozenset({PARAM_FREQUENCY_PENALTY, PARAM_PRESENCE_PENALTY})
_SOME_MESSAGES: Final = (UserMessage("Hi"),)
_MEDIA_NAME = {ImagePart: "images", FilePart: "files", AudioPart: "audio"}


class RequestBuilder:
    """Builds the requests of one model: its defaults, its limits, its names of parameters."""

    def __init__(
        self,
        model: str,
        metadata: type[BaseMetadata],
        wire: Wire,
        defaults: Mapping[str, Any],
        on_unsupported: OnUnsupported,
    ) -> None:
        self._model = model
        self._metadata = metadata
        self._wire = wire
        self._defaults = {name: value for name, value in defaults.items() if name != "provider_options"}
        self._provider_options: Mapping[str, Any] = defaults.get("provider_options") or {}
        self._refused_defaults: Mapping[str, str] | None = None
        self._on_unsupported = on_unsupported
        able = metadata.supports
        self._only_embeds = able(Capability.EMBEDDINGS) is True and able(Capability.STREAMING) is False

    def parse_messages(self, messages: MessagesInput) -> tuple[Message, ...]:
        """Read the messages. Raises `InvalidRequestError` that names the place."""
        try:
            return parse_messages(messages)
        except ValueError as error:
            raise InvalidRequestError(str(error), provider=self._metadata.PROVIDER, model=self._model) from error

    def build(
        self,
        messages: tuple[Message, ...],
        options: Mapping[str, Any],
        transform: Transform,
        *,
        tools: tuple[Tool | ServerTool, ...] = (),
        response_format: ResponseFormat | None = None,
        stream: bool = False,
    ) -> LLMRequest:
        """Check everything against the model and return the request; `transform` has the model's last word on names."""
        if self._only_embeds:
            raise UnsupportedCapabilityError(
                "the model makes embeddings and gives no answers; call `embed`, or choose another model",
                provider=self._metadata.PROVIDER,
                model=self._model,
            )
        params, warnings = self._params(options, transform)
        if tools:
            self._require(Capability.TOOLS, "tools")
            check_tool_names(tools)
        if response_format is not None and response_format.kind == "json_schema":
            self._require(Capability.STRUCTURED_OUTPUT, "a JSON schema for its answer")
        if stream:
            self._require(Capability.STREAMING, "streams")
        self._require_media(messages)
        return LLMRequest(
            self._model,
            messages,
            transform(params) if params else params,
            tools,
            resolve_tool_choice(options.get("tool_choice"), tools),
            response_format,
            options.get("provider_options") or self._provider_options,
            stream,
            warnings,
        )

    def _params(self, options: Mapping[str, Any], transform: Transform) -> tuple[dict[str, Any], tuple[str, ...]]:
        given = {name: value for name, value in options.items() if name not in SETTINGS and value is not None}
        if not given and not self._defaults:
            return given, ()
        drop = options.get("on_unsupported", self._on_unsupported) == "drop"
        warnings: list[str] = []
        for name, value in self._defaults.items():
            if name not in given and value is not None:
                if problem := self._refusal_of_default(name, value, given, transform):
                    if name not in _PENALTIES or value != 0:
                        warnings.append(f"the default {name}={value!r} was left out: {problem}")
                else:
                    given[name] = value
        if drop:
            for name, problem in self._find_refusals(given, transform).items():
                warnings.append(f"{name}={given.pop(name)!r} was left out: {problem}")
        return self._metadata.validate_params(given), tuple(warnings)

    def _refusal_of_default(self, name: str, value: Any, given: Mapping[str, Any], transform: Transform) -> str | None:
        if self._refused_defaults is None:
            # They are the same at every call, and so is what becomes of them by themselves.
            known = {name: value for name, value in self._defaults.items() if value is not None}
            self._refused_defaults = self._find_refusals(known, transform)
        refused = self._refused_defaults.get(name)
        return refused or self._metadata.refusal_of(name, value, {**self._defaults, **given})

    def _find_refusals(self, values: Mapping[str, Any], transform: Transform) -> dict[str, str]:
        """Say which parameters the model refuses, and of the others which its wire cannot express."""
        refused = {
            name: problem
            for name, value in values.items()
            if (problem := self._metadata.refusal_of(name, value, values)) is not None
        }
        left = {name: value for name, value in values.items() if name not in refused}
        return refused | find_refusals(lambda some: self._refusal_of_wire(some, transform), left)

    def _refusal_of_wire(self, values: Mapping[str, Any], transform: Transform) -> str | None:
        params = self._metadata.validate_params(dict(values))
        try:
            self._wire.render_request(LLMRequest(self._model, _SOME_MESSAGES, transform(params)))
        except UnsupportedParameterError as error:
            return error.message
        return None

    def _require(self, capability: Capability, what: str) -> None:
        if self._metadata.supports(capability) is False:
            raise UnsupportedCapabilityError(
                f"the model does not take {what}; choose a model whose capabilities include {capability.value!r}",
                provider=self._metadata.PROVIDER,
                model=self._model,
            )

    def _require_media(self, messages: tuple[Message, ...]) -> None:
        for message in messages:
            if type(message.content) is not str:
                for part in message.content:
                    capability = _MEDIA_CAPABILITY.get(type(part))
                    if capability is not None:
                        self._require(capability, _MEDIA_NAME[type(part)])


def check_tool_names(tools: Sequence[Tool | ServerTool]) -> None:
    """Raise `InvalidRequestError` where two tools have the same name."""
    names = [tool.name for tool in tools if isinstance(tool, Tool)]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise InvalidRequestError(f"tool names must differ; given twice: {', '.join(sorted(twice))}")


def resolve_tool_choice(choice: Any, tools: Sequence[Tool | ServerTool]) -> ToolChoice | None:
    """Read `tool_choice` and check it against the tools."""
    if choice is None:
        return None
    try:
        resolved = ToolChoice.of(choice)
    except ValueError as error:
        raise InvalidRequestError(str(error)) from error
    if not tools:
        raise InvalidRequestError("`tool_choice` needs `tools`; give some, or leave the choice out")
    names = [tool.name for tool in tools if isinstance(tool, Tool)]
    if resolved.mode == "named" and resolved.name not in names:
        raise InvalidRequestError(f"`tool_choice` names {resolved.name!r}; the tools are: {', '.join(names) or 'none'}")
    return resolved
