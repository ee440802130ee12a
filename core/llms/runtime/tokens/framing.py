"""What a chat request costs in tokens beside its texts: the frame of each message, of tools and of tool calls.

Figures of model families, with where they come from, and nothing else. OpenAI publishes the frame of plain messages
(its cookbook "How to count tokens with tiktoken", 2024); all else was inferred from recorded exchanges of 2023 to
October 2026 with known token counts.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from core.llms.runtime.tokens.families import find_family

Wire: TypeAlias = Literal["chat", "responses"]


@dataclass(frozen=True, slots=True)
class ChatFraming:
    """The overheads of a model family, in tokens.

    `message_tokens` surround each message beside its role, `priming_tokens` open the answer. `tools_tokens` come with
    any tools, `tools_with_instructions_tokens` instead where a message of `instruction_roles` takes them in (with a
    newline after it where `newline_after_instructions`). `chat_tools_tokens` come with tools on the chat wire only.
    `call_tokens` are one tool call and its result, beside name (twice), arguments and result;
    `parallel_calls_tokens` come once for a message with several calls. `compact_tools` is the form of the tools'
    text. `plain_verified` says that recorded exchanges confirm the count of plain text.
    """

    message_tokens: int = 3
    role_tokens: int = 1
    name_tokens: int = 1
    priming_tokens: int = 3
    tools_tokens: int = 9
    tools_with_instructions_tokens: int = 5
    instruction_roles: frozenset[str] = frozenset({"system", "developer"})
    newline_after_instructions: bool = True
    chat_tools_tokens: int = 0
    call_tokens: int = 16
    parallel_calls_tokens: int = 0
    compact_tools: bool = True
    plain_verified: bool = False


_DEVELOPER_ONLY: Final = frozenset({"developer"})
_GPT_3_5: Final = ChatFraming(call_tokens=10, parallel_calls_tokens=22, compact_tools=False, plain_verified=True)
_GPT_4O: Final = ChatFraming(plain_verified=True)
_O_SERIES: Final = ChatFraming(instruction_roles=_DEVELOPER_ONLY, newline_after_instructions=False)
_GPT_5: Final = ChatFraming(
    priming_tokens=2,
    instruction_roles=_DEVELOPER_ONLY,
    newline_after_instructions=False,
    chat_tools_tokens=81,
    call_tokens=20,
    plain_verified=True,
)
_GPT_5_UNSEEN: Final = dataclasses.replace(_GPT_5, plain_verified=False)
_FAMILIES: Final[dict[str, ChatFraming]] = {
    "gpt-3.5-turbo-0301": ChatFraming(message_tokens=4, name_tokens=-1, compact_tools=False),
    "gpt-3.5": _GPT_3_5,
    "gpt-35": _GPT_3_5,
    "gpt-4": _GPT_3_5,
    "gpt-4o": _GPT_4O,
    "gpt-4o-search-preview": ChatFraming(message_tokens=0, role_tokens=0, priming_tokens=0),
    "gpt-4o-mini-search-preview": ChatFraming(message_tokens=0, role_tokens=0, priming_tokens=0),
    "chatgpt-4o": ChatFraming(),
    "gpt-4.1": _GPT_4O,
    "gpt-4.5": ChatFraming(),
    "o1": _O_SERIES,
    "o3": _O_SERIES,
    "o4-mini": dataclasses.replace(_O_SERIES, plain_verified=True),
    "gpt-5": _GPT_5,
    "gpt-5-chat": ChatFraming(),
    "gpt-5.1": _GPT_5_UNSEEN,
    "gpt-5.2": _GPT_5_UNSEEN,
    "gpt-5.3": _GPT_5_UNSEEN,
    "gpt-5.4": _GPT_5,
    "gpt-5.5": _GPT_5_UNSEEN,
    "gpt-5.6": _GPT_5,
    "gpt-6": _GPT_5_UNSEEN,
    "gpt-6.1": _GPT_5_UNSEEN,
}
_FALLBACK: Final = ChatFraming()
# On the responses wire a call and its result cost one token more than on the chat wire.
RESPONSES_CALL_EXTRA_TOKENS: Final = 1


def find_framing(model_id: str) -> ChatFraming:
    """Return the overheads of a model; those of gpt-4o, unverified, where the family is not known."""
    family = find_family(model_id, _FAMILIES)
    return _FALLBACK if family is None else _FAMILIES[family]
