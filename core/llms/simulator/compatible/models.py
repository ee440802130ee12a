"""The models of a vendor of OpenAI's chat wire, as data: one row each, made by `chat_model` and `embedding_model`.

Prompts are counted with OpenAI's o200k and images by its tiles, whatever the model: what a vendor of open models bills
differs by some per cent. Windows, limits and prices are those of the sources that the vendor's file names.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from core.llms.simulator.openai.image_tokens import GPT_4_TILES
from core.llms.simulator.openai.models import Model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CREATED = 1788480000
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class HostedModel(Model):
    """A model as a vendor serves it. Prices are USD for a million tokens: prompt, cached prompt, answer.

    A model whose `default_effort` is None thinks only when it is asked to; one with the effort `none` can be told not
    to think. `answers_as` is the name in its replies where that is another one. `facts` are what the vendor's list
    says of it besides.
    """

    aliases: tuple[str, ...] = ()
    tools: bool = True
    prices: tuple[float, float, float] = (0.0, 0.0, 0.0)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def usd(self, prompt: int, cached: int, completion: int) -> tuple[float, float]:
        """What a prompt, of which so many tokens were cached, and an answer cost."""
        fresh, kept, written = self.prices
        return ((prompt - cached) * fresh + cached * kept) / _MILLION, completion * written / _MILLION


def chat_model(
    name: str,
    window: int,
    most: int,
    *,
    sees: bool = False,
    hears: bool = False,
    efforts: tuple[str, ...] = (),
    thinks: str | None = None,
    prices: tuple[float, float, float] = (0.0, 0.0, 0.0),
    aliases: tuple[str, ...] = (),
    answers_as: str | None = None,
    json_schema: bool = True,
    tools: bool = True,
    searches: bool = False,
    facts: Mapping[str, Any] | None = None,
) -> HostedModel:
    """A chat model with its window and most output tokens; `thinks` is the effort it has unless told otherwise."""
    return HostedModel(
        name,
        answers_as or name,
        _CREATED,
        window,
        most,
        efforts=efforts,
        default_effort=thinks,
        images=GPT_4_TILES if sees else None,
        audio=hears,
        web_search_chat=searches,
        json_schema=json_schema,
        aliases=aliases,
        tools=tools,
        prices=prices,
        facts=facts or {},
    )


def embedding_model(
    name: str, window: int, dimensions: int, *, shortens: bool = False, usd: float = 0.0
) -> HostedModel:
    """A model that makes vectors of so many dimensions, of fewer where it `shortens`."""
    return HostedModel(
        name,
        name,
        _CREATED,
        window,
        0,
        kind="embedding",
        dimensions=dimensions,
        shortens=shortens,
        prices=(usd, usd, 0.0),
    )


def find_hosted(models: Sequence[HostedModel], owners: tuple[str, ...], name: str) -> HostedModel | None:
    """The model of a name or an alias; below one of the `owners`, any name is a model with the facts of the first."""
    for model in models:
        if name == model.name or name in model.aliases:
            return model
    if name.startswith(owners) and name not in owners:
        return replace(models[0], name=name, snapshot=name, aliases=(), facts={})
    return None
