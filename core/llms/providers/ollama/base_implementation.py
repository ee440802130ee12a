"""What all models of Ollama share: the wire, and the warning of a prompt that the server would cut without a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, ClassVar, Final

from core.llms.context import LLMContext
from core.llms.errors import ConfigurationError
from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.base.metadata import BaseMetadata, Capability
from core.llms.providers.base.structured import StructuredPlan
from core.llms.runtime.tokens.estimates import estimate_input
from core.llms.types.messages import Message
from core.llms.types.options import AnswerOptions
from core.llms.types.request import LLMRequest
from core.llms.wires.ollama import EXPRESSIBLE, OllamaDialect, OllamaWire

_LEVELLED: Final = "gpt-oss"
_OF_THE_SERVER: Final[Mapping[Capability, bool]] = {
    Capability.FILES: False,
    Capability.AUDIO_INPUT: False,
    Capability.AUDIO_OUTPUT: False,
    Capability.STRUCTURED_OUTPUT: True,
    Capability.JSON_MODE: True,
    Capability.SYSTEM_MESSAGES: True,
    Capability.PROMPT_CACHING: False,
}


class OllamaBaseLLM(BaseLLM):
    """Works for every model.

    `num_ctx` is the context, in tokens, that the server makes room for, and `keep_alive` how long the model stays
    loaded (seconds, or text such as `10m`); without them the server's own settings hold. What a prompt has beyond
    `num_ctx` the server cuts without a word: where ours may be longer, a warning says so.
    """

    PROVIDER: ClassVar[str] = "ollama"
    DISPLAY_NAME: ClassVar[str] = "Ollama"
    WIRES: ClassVar[Mapping[str, str]] = {"ollama": "ollama"}
    wire: OllamaWire

    def __init__(
        self,
        connector: BaseConnector,
        metadata: type,
        *,
        num_ctx: int | None = None,
        keep_alive: float | str | None = None,
        **options: Any,
    ) -> None:
        if num_ctx is not None and (type(num_ctx) is not int or num_ctx < 1):
            raise ConfigurationError(f"`num_ctx` must be a number of tokens, not {num_ctx!r}", provider=self.PROVIDER)
        self.num_ctx: int | None = num_ctx
        self.keep_alive: float | str | None = keep_alive
        super().__init__(connector, metadata, **options)

    def _create_wire(self, name: str | None) -> OllamaWire:
        return OllamaWire(OllamaDialect(self.num_ctx, self.keep_alive, thinking_levels=_LEVELLED in self.model))

    def _build(
        self, messages: tuple[Message, ...], options: AnswerOptions, plan: StructuredPlan, *, stream: bool = False
    ) -> LLMRequest:
        request = super()._build(messages, options, plan, stream=stream)
        context = self._context_of(request)
        if context is None or (tokens := estimate_input(request)) <= context:
            return request
        warning = (
            f"the prompt may be longer ({tokens} tokens, estimated from above) than num_ctx={context}: "
            "the server cuts what is beyond it without a word"
        )
        return replace(request, warnings=(*request.warnings, warning))

    def _context_of(self, request: LLMRequest) -> int | None:
        given = request.provider_options.get("options")
        context = given.get("num_ctx", self.num_ctx) if isinstance(given, Mapping) else self.num_ctx
        return context if type(context) is int else None

    async def show_model(self, model: str | None = None, ctx: LLMContext | None = None) -> Mapping[str, Any]:
        """Return what the server knows of a model that it has pulled, as received: `capabilities`, `model_info`, ….

        Without a name it is this one. Raises `NotFoundError` for a model that was not pulled.
        """
        call, wire = self._begin(ctx), self.wire
        rendered = wire.render_details(model or self.model)
        return await self._attempts.repeat(lambda: self._exchange.fetch(rendered, call, wire.parse_details), call)


@cache
def create_metadata(name: str) -> type[BaseMetadata]:
    """Make the metadata of a model: what the server does for any, and nothing that only the model itself decides."""
    facts = {
        "NAME": f"ollama-{name}",
        "MODEL_ID": name,
        "PROVIDER": "ollama",
        "SUPPORTED_PARAMS": EXPRESSIBLE,
        "CAPABILITIES": _OF_THE_SERVER,
    }
    return type("OllamaModelMetadata", (BaseMetadata,), facts)
