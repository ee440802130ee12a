"""The published lists that are fetched: where each is, and what is read of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NoReturn

from core.llms.catalog.assembly import genai_prices, litellm, merge, models_dev
from core.llms.catalog.assembly.facts import Facts
from core.llms.errors import ConfigurationError

Models = Mapping[str, Mapping[str, Facts]]
# What reading a list of another form may raise.
_OF_ANOTHER_FORM: Final = (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class PublishedList:
    """A list: its short name in rows, the name that a user gives it, and where its publisher has it."""

    key: str
    name: str
    url: str


# In the order in which they are read: which ids a price of genai-prices is for depends on those of the other lists.
LISTS: Final = (
    PublishedList(merge.MODELS_DEV, "models.dev", "https://models.dev/api.json"),
    PublishedList(
        merge.LITELLM,
        "litellm",
        "https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json",
    ),
    PublishedList(
        merge.GENAI_PRICES,
        "genai-prices",
        "https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/new_data/v2/data.json",
    ),
)
LIST_NAMES: Final = tuple(each.name for each in LISTS)


def choose_lists(names: Iterable[str] | None, urls: Mapping[str, str] | None) -> list[PublishedList]:
    """Return the lists of these names, all by default, each at its own address or the one given for it.

    Raises `ConfigurationError` for a name that is no list's, or an address that is none.
    """
    wanted, given = set(LIST_NAMES if names is None else names), dict(urls or {})
    unknown = sorted((wanted | given.keys()) - set(LIST_NAMES))
    if unknown:
        raise ConfigurationError(f"no list is called {unknown[0]!r}: there are {', '.join(LIST_NAMES)}")
    for name, url in given.items():
        if not url.startswith(("https://", "http://")):
            raise ConfigurationError(f"the address of {name} must begin with https:// or http://")
    return [PublishedList(each.key, each.name, given.get(each.name, each.url)) for each in LISTS if each.name in wanted]


@dataclass(frozen=True, slots=True)
class ReadList:
    """The facts of a list by provider and id, and the entries that could not be read, each with what is wrong."""

    models: Models
    unreadable: tuple[str, ...] = ()


def read_list(key: str, body: bytes, ids: Mapping[str, Set[str]]) -> ReadList:
    """Read a list as it was fetched; `ids` are those that other lists have, by provider.

    Raises ValueError for what is no list of this kind. Entries that cannot be read are left out, and named.
    """
    raw = _parse(body)
    entries = dict(_split(key, raw))
    if not entries:
        raise ValueError("it holds no models")
    try:
        return ReadList(_read(key, _join(key, entries.values()), ids))
    except _OF_ANOTHER_FORM:
        problems = {name: problem for name, each in entries.items() if (problem := _problem(key, each, ids))}
    kept = [each for name, each in entries.items() if name not in problems]
    return ReadList(
        _read(key, _join(key, kept), ids), tuple(f"{name}: {problem}" for name, problem in problems.items())
    )


def _problem(key: str, entry: Any, ids: Mapping[str, Set[str]]) -> str | None:
    try:
        _read(key, _join(key, [entry]), ids)
    except _OF_ANOTHER_FORM as error:
        return f"{type(error).__name__}: {error}"
    return None


def _parse(body: bytes) -> Any:
    """Read JSON whose numbers are exact. Raises ValueError, which names the line."""
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON at line {error.lineno}, column {error.colno}: {error.msg}") from error
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"it has the number {name}, which JSON has not")


def _split(key: str, raw: Any) -> Iterator[tuple[str, Any]]:
    """Take a list apart into entries of one model. Raises ValueError where it is of another form."""
    match key:
        case merge.LITELLM:
            yield from ((name, (name, model)) for name, model in _mapping(raw, "the list").items())
        case merge.MODELS_DEV:
            for provider, each in _mapping(raw, "the list").items():
                models = _mapping(_mapping(each, provider).get("models"), f"{provider}.models")
                yield from ((f"{provider}/{name}", (provider, name, model)) for name, model in models.items())
        case _:
            providers = raw.get("providers") if isinstance(raw, dict) else raw  # version 3 has units beside them
            for each in _sequence(providers, "the list"):
                id = _mapping(each, "a provider").get("id")
                for index, model in enumerate(_sequence(each.get("models"), f"{id}.models")):
                    name = model.get("id", index) if isinstance(model, dict) else index
                    yield f"{id}/{name}", (id, model)


def _join(key: str, entries: Iterable[Any]) -> Any:
    """Put entries together again, in the form that the reader of the list takes."""
    match key:
        case merge.LITELLM:
            return {name: model for name, model in entries if name != "sample_spec"}
        case merge.MODELS_DEV:
            listed: dict[str, Any] = {}
            for provider, name, model in entries:
                listed.setdefault(provider, {"models": {}})["models"][name] = model
            return listed
    priced: dict[str, list[Any]] = {}
    for provider, model in entries:
        priced.setdefault(provider, []).append(model)
    return [{"id": provider, "models": models} for provider, models in priced.items()]


def _read(key: str, raw: Any, ids: Mapping[str, Set[str]]) -> Models:
    match key:
        case merge.LITELLM:
            return litellm.read_models(raw)
        case merge.MODELS_DEV:
            return models_dev.read_models(raw)
    return genai_prices.read_prices(raw, ids)


def _mapping(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{place} is no object, but {type(value).__name__}")
    return value


def _sequence(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{place} is no array, but {type(value).__name__}")
    return value
