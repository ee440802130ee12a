"""Log probabilities: the tokens are real, the numbers are made up and always the same for the same text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.generation import token_logprob

if TYPE_CHECKING:
    from core.llms.simulator.generation import GeneratedText
    from core.llms.simulator.tokens import Piece

_ALTERNATIVES = (" the", " a", ",", ".", " and", " of", " to", " in", " is", "\n", " that", " it")


def chat_logprobs(generated: GeneratedText, top: int, field: str) -> dict[str, Any]:
    """The `logprobs` of a chat choice; `field` is `content` or `refusal`."""
    entries = piece_logprobs(generated.pieces, top)
    return {"content": None, "refusal": None} | {field: entries}


def piece_logprobs(pieces: tuple[Piece, ...], top: int) -> list[dict[str, Any]]:
    """One entry for each piece, with its `top` most likely alternatives."""
    return [_entry(piece.text, position, top) for position, piece in enumerate(pieces)]


def _entry(text: str, position: int, top: int) -> dict[str, Any]:
    chosen = _token(text, token_logprob(text, position))
    others = [candidate for candidate in _ALTERNATIVES if candidate != text]
    while len(others) < top:
        others.append(f" w{len(others)}")
    ranked = [chosen] + [
        _token(other, round(chosen["logprob"] - 1.5 - 0.25 * rank, 6))
        for rank, other in enumerate(others[: max(0, top - 1)])
    ]
    return chosen | {"top_logprobs": ranked[:top]}


def _token(text: str, logprob: float) -> dict[str, Any]:
    return {"token": text, "logprob": logprob, "bytes": list(text.encode())}
