"""Tokens as the vendor's tokenizer makes them: counting, splitting, cutting at a boundary.

Nothing here knows a vendor's wire. The encodings themselves are packaged elsewhere and loaded on first use.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken


@dataclass(frozen=True, slots=True)
class Piece:
    """The shortest run of tokens that decodes to whole characters."""

    text: str
    token_count: int


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """One encoding; special tokens in the text are ordinary text."""

    encoding: tiktoken.Encoding

    def encode(self, text: str) -> list[int]:
        """The tokens of `text`."""
        return self.encoding.encode_ordinary(text)

    def count(self, text: str) -> int:
        """The number of tokens in `text`."""
        return len(self.encoding.encode_ordinary(text)) if text else 0

    def split(self, text: str) -> list[Piece]:
        """`text` in pieces of one token each, or more where a character spans tokens."""
        return self._pieces(self.encode(text))

    def cut(self, text: str, maximum_tokens: int) -> tuple[str, int]:
        """At most `maximum_tokens` tokens of `text`, whole characters only, and how many tokens were spent."""
        tokens = self.encode(text)
        if len(tokens) <= maximum_tokens:
            return text, len(tokens)
        kept = self._pieces(tokens[:maximum_tokens])
        return "".join(piece.text for piece in kept), maximum_tokens

    def _pieces(self, tokens: list[int]) -> list[Piece]:
        pieces: list[Piece] = []
        pending = b""
        pending_count = 0
        for token in tokens:
            pending += self.encoding.decode_single_token_bytes(token)
            pending_count += 1
            try:
                text = pending.decode()
            except UnicodeDecodeError:
                continue
            pieces.append(Piece(text, pending_count))
            pending, pending_count = b"", 0
        return pieces


@lru_cache(maxsize=8)
def load_tokenizer(encoding_name: str) -> Tokenizer:
    """The tokenizer of an encoding (`o200k_base`, `cl100k_base`), loaded once in a process."""
    from core.llms.runtime.tokens.encodings import load_encoding

    return Tokenizer(load_encoding(encoding_name))


def is_tokenizer_loaded() -> bool:
    """Whether counting can begin without the time it takes to load an encoding."""
    return load_tokenizer.cache_info().currsize > 0
