"""One exchange with Bedrock, where the tokens of an embedding are said in a header alone."""

from __future__ import annotations

from typing import Any, Final

from core.llms.context import LLMContext
from core.llms.providers.base.connector import RawResponse
from core.llms.providers.base.exchange import Exchange
from core.llms.wires.base import RenderedRequest

# As recorded with InvokeModel's answers of several families.
COUNT_HEADER: Final = "X-Amzn-Bedrock-Input-Token-Count"
_COUNT_FIELD: Final = "inputTextTokenCount"


class CountedResponse(RawResponse):
    """An answer whose body is given the count of its header, in the field in which Titan has it."""

    __slots__ = ()

    def json(self) -> Any:
        """Decode the body, and lay the count into it where it has none."""
        body = RawResponse.json(self)
        count = self.headers.get(COUNT_HEADER, "")
        if isinstance(body, dict) and count.isascii() and count.isdigit():
            body.setdefault(_COUNT_FIELD, int(count[:12]))
        return body


class BedrockExchange(Exchange):
    """Speaks Converse and InvokeModel."""

    async def _send(self, rendered: RenderedRequest, ctx: LLMContext) -> RawResponse:
        raw = await super()._send(rendered, ctx)
        return CountedResponse(raw.status, raw.headers, raw.body) if rendered.path.endswith("/invoke") else raw
