"""From what was decided to what is generated: cutting at a limit of tokens or at a stop sequence, token by token."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.llms.simulator.tokens import Piece, Tokenizer


@dataclass(frozen=True, slots=True)
class GeneratedText:
    """The text that came out, its pieces in order, and what ended it."""

    text: str
    pieces: tuple[Piece, ...]
    token_count: int
    ended: Literal["stop", "length"]


def generate_text(
    tokenizer: Tokenizer, text: str, maximum_tokens: int | None, stops: Sequence[str] = ()
) -> GeneratedText:
    """`text` up to the first stop sequence (left out) or the limit of tokens, whichever comes first."""
    ends = [position for stop in stops if stop and (position := text.find(stop)) >= 0]
    wanted = text[: min(ends)] if ends else text
    kept, count = wanted, tokenizer.count(wanted)
    ended: Literal["stop", "length"] = "stop"
    if maximum_tokens is not None and count > maximum_tokens:
        kept, count = tokenizer.cut(wanted, maximum_tokens)
        ended = "length"
    return GeneratedText(kept, tuple(tokenizer.split(kept)), count, ended)


def token_logprob(text: str, position: int) -> float:
    """A made-up log probability between -0.5 and 0, always the same for the same token at the same position."""
    digest = hashlib.blake2b(f"{position}:{text}".encode(), digest_size=2).digest()
    return -round(int.from_bytes(digest, "big") / 131072, 6)
