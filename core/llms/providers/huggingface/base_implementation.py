"""What Hugging Face's router says differently on OpenAI's chat wire."""

from __future__ import annotations

from functools import cache
from typing import ClassVar

from core.llms.errors import NotFoundError, QuotaExceededError
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.providers.base.openai_family import OpenAIFamilyLLM
from core.llms.providers.huggingface.models import ROOMS
from core.llms.wires.openai_chat import ChatDialect
from core.llms.wires.openai_common import ErrorRules


class HuggingFaceBaseLLM(OpenAIFamilyLLM):
    """Works for most models at the router, whichever inference provider answers.

    All of them know `max_tokens` and the role `system`; some end a stream without `[DONE]` (recorded 2026). Status 402:
    the month's credits are used up.
    """

    PROVIDER: ClassVar[str] = "huggingface"
    DISPLAY_NAME: ClassVar[str] = "Hugging Face"
    EMBEDS: ClassVar[bool] = False
    CHAT_DIALECT: ClassVar[ChatDialect] = ChatDialect(
        max_tokens_field="max_tokens",
        developer_role="system",
        requires_done=False,
        encoding_format=None,
        finish_reasons={"eos": "stop", "eos_token": "stop", "stop_sequence": "stop"},
        errors=ErrorRules(codes={"model_not_supported": NotFoundError}, statuses={402: QuotaExceededError}),
    )


@cache
def find_metadata_at(name: str) -> type[BaseMetadata] | None:
    """Return the metadata of a listed model at the inference provider that its name ends with, as `org/model:groq`.

    None where the name says no provider, or the model is not listed.
    """
    full = name.removeprefix("huggingface-")
    bare, colon, _ = full.partition(":")
    room = ROOMS.get(bare)
    if not colon or room is None:
        return None
    listed, _ = room.load()
    return type(listed.__name__, (listed,), {"NAME": f"huggingface-{full}", "MODEL_ID": full, "ALIASES": ()})
