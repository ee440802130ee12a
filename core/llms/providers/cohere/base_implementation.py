"""What all Cohere models share: the wire, and the vendor's count of a text's tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Final

from core.llms.context import LLMContext
from core.llms.providers.base.implementation import BaseLLM
from core.llms.runtime.tokens.estimates import estimate_input
from core.llms.types.content import TextPart
from core.llms.types.request import LLMRequest
from core.llms.types.response import TokenCount
from core.llms.wires.base import RenderedRequest
from core.llms.wires.cohere_v2 import CohereV2Wire

# cohere 7.3: "the minimum length is 1 character, and the maximum length is 65536 characters" of `v1/tokenize`.
_MOST_CHARACTERS: Final = 65_536


class CohereBaseLLM(BaseLLM):
    """Works for every Cohere model.

    `count_tokens(exact=True)` asks the vendor for the tokens of each text, which are what it bills of a prompt of texts
    alone; with anything else in it (tools, images, documents) the count is of the texts, and says so.
    """

    PROVIDER: ClassVar[str] = "cohere"
    DISPLAY_NAME: ClassVar[str] = "Cohere"
    WIRES: ClassVar[Mapping[str, str]] = {"cohere_v2": "cohere_v2"}
    COUNTS_TOKENS: ClassVar[bool] = True
    wire: CohereV2Wire

    def _create_wire(self, name: str | None) -> CohereV2Wire:
        return CohereV2Wire()

    async def _count_locally(self, request: LLMRequest) -> TokenCount:
        note = "estimated from above by length; `exact=True` asks the vendor"
        return TokenCount(estimate_input(request), exact=False, note=note)

    async def _count_exactly(self, request: LLMRequest, ctx: LLMContext) -> TokenCount:
        tokens = 0
        for text in _texts(request):
            tokens += await self._count_text(self.wire.render_tokenize(request.model, text), ctx)
        is_text = all(isinstance(part, TextPart) for message in request.messages for part in message.parts)
        if is_text and not request.tools and request.response_format is None:
            return TokenCount(tokens, exact=True, text_tokens=tokens)
        note = "the texts alone: the vendor counts no tools, images, documents and forms"
        return TokenCount(tokens, exact=False, note=note, text_tokens=tokens)

    async def _count_text(self, rendered: RenderedRequest, ctx: LLMContext) -> int:
        count = self.wire.parse_token_count
        return await self._attempts.repeat(lambda: self._exchange.fetch(rendered, ctx, count), ctx)


def _texts(request: LLMRequest) -> Iterator[str]:
    for message in request.messages:
        for part in message.parts:
            if isinstance(part, TextPart):
                for begin in range(0, len(part.text), _MOST_CHARACTERS):
                    yield part.text[begin : begin + _MOST_CHARACTERS]
