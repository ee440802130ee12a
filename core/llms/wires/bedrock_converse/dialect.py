"""What differs between the models behind Converse, as frozen data and functions. Nothing is rendered here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol, TypeAlias

ORIGIN: Final = "bedrock_converse"

EmbeddingForm: TypeAlias = Literal["titan", "cohere", "nova"]


class RenderReasoning(Protocol):
    """Writes what a model is told of its reasoning."""

    def __call__(self, params: Mapping[str, Any], *, stream: bool, warnings: list[str]) -> Mapping[str, Any]:
        """Return fields for `additionalModelRequestFields`; `max_tokens` among them is the limit of the answer.

        `params` are the request's neutral parameters. Raises `UnsupportedParameterError`.
        """
        ...


@dataclass(frozen=True, slots=True)
class ConverseDialect:
    """One model's way of Converse.

    reasoning: writes effort and summary; None where the model has neither.
    top_k: writes `top_k`, which is each model family's own; None where it has none.
    schema: brings a JSON schema that the model is held to into the subset that it takes.
    forced_tool_use: whether the model can be made to call a tool.
    cache_points: whether the model takes them; elsewhere they are left out with a warning.
    unsigned_reasoning: whether reasoning without a signature goes back; elsewhere it is left out with a warning.
    embedding: the form of its vectors' request, None for a model that makes none.
    """

    reasoning: RenderReasoning | None = None
    top_k: Callable[[int], Mapping[str, Any]] | None = None
    schema: Callable[[Mapping[str, Any]], dict[str, Any]] = dict
    forced_tool_use: bool = True
    cache_points: bool = True
    unsigned_reasoning: bool = False
    embedding: EmbeddingForm | None = None
