"""What all Cohere models share: the wire, and the vendor's count of a text's tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from core.llms.context import LLMContext
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.base.text_counting import count_texts
from core.llms.types.request import LLMRequest
from core.llms.types.response import TokenCount
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

    async def _count_exactly(self, request: LLMRequest, ctx: LLMContext) -> TokenCount:
        async def count(text: str) -> int:
            rendered = self.wire.render_tokenize(request.model, text)
            read = self.wire.parse_token_count
            return await self._attempts.repeat(lambda: self._exchange.fetch(rendered, ctx, read), ctx)

        return await count_texts(request, count, _MOST_CHARACTERS)
