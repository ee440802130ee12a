"""What a provider can do, found out by asking the code that decides it: its models' facts, its wires, its classes.

A feature is tried on the models that the provider lists, as a call would be, up to the moment of sending, until one has
it. Nothing is sent, no credential is read, and there is no list of answers here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeAlias, TypeVar

from core.llms.catalog.classes import catalogued_metadata
from core.llms.catalog.store import load_provider
from core.llms.create import find_factory
from core.llms.errors import InvalidRequestError
from core.llms.features.probes import FEATURES, Feature
from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.providers.base.rooms import Room

ClassT = TypeVar("ClassT")
_Classes: TypeAlias = tuple[type[BaseMetadata], type[BaseLLM] | None]


__all__ = ["FEATURES", "Answer", "Feature", "ProviderFeatures", "find_features", "find_llm_class"]


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a provider has a feature: `able` is None where it is up to a model that is not listed.

    `detail` is a word on how it is done, where there is one; `model` is one that has it, on the wire `wire` (None: its
    usual one).
    """

    able: bool | None
    detail: str | None = None
    model: str | None = None
    wire: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderFeatures:
    """What one provider can do. `credential_variables` are alternatives, each of names that go together."""

    provider: str
    display_name: str
    wires: Mapping[str, str]
    credential_variables: tuple[tuple[str, ...], ...]
    needs_credential: bool
    address_variables: tuple[str, ...]
    lists_models: bool
    answers: Mapping[str, Answer]


def find_features(provider: str) -> ProviderFeatures:
    """Find out what a provider of this package can do. Raises `ConfigurationError` for a name that is none."""
    kind = find_llm_class(provider)
    package = import_module(f"core.llms.providers.{provider}")
    rooms: Mapping[str, Room] = import_module(f"core.llms.providers.{provider}.models").ROOMS
    models = _Models(provider, kind, rooms)
    answers = {feature.name: models.ask(feature) for feature in FEATURES}
    connector = _find_class(package, BaseConnector)
    return ProviderFeatures(
        provider=provider,
        display_name=models.kind.DISPLAY_NAME or provider,
        wires=models.kind.wires(),
        credential_variables=connector.credential_variables(),
        needs_credential=connector.NEEDS_KEY,
        address_variables=connector.address_variables(),
        lists_models=bool(rooms),
        answers=answers,
    )


def find_llm_class(provider: str) -> type[BaseLLM]:
    """Return the class of a provider's LLMs. Raises `ConfigurationError` for a name that is none of this package's."""
    find_factory(provider)
    return _find_class(import_module(f"core.llms.providers.{provider}"), BaseLLM)


def _find_class(package: Any, kind: type[ClassT]) -> type[ClassT]:
    """Return the class of this kind that a provider's package shows."""
    shown = [value for value in vars(package).values() if isinstance(value, type) and issubclass(value, kind)]
    return shown[0]


class _Models:
    """The models of a provider as LLMs: those with a room, then those of the catalogue, made when they are asked."""

    def __init__(self, provider: str, kind: type[BaseLLM], rooms: Mapping[str, Room]) -> None:
        self.kind = kind
        self._provider = provider
        self._rooms = rooms
        self._made: dict[tuple[type[BaseMetadata], str | None], BaseLLM] = {}

    def ask(self, feature: Feature) -> Answer:
        """Say whether any model has a feature: one with a room, or, where none of them has, one of the catalogue."""
        for models, wires in ((self._with_rooms(), (None, *self.kind.wires())), (self._catalogued(), (None,))):
            answers = [answer for answer in self._answers(feature, models, wires) if answer.able is not False]
            if answers:
                return min(answers, key=lambda answer: answer.detail is not None)
        return Answer(None if feature.open_to_unlisted(self.kind) else False)

    def _answers(self, feature: Feature, models: Iterator[_Classes], wires: Sequence[str | None]) -> Iterator[Answer]:
        """Give answers up to the first that is a yes without reserve."""
        for metadata, implementation in models:
            for wire in wires:
                answer = self._try(feature, metadata, implementation, wire)
                yield answer
                if answer.able is not False and answer.detail is None:
                    return

    def _with_rooms(self) -> Iterator[_Classes]:
        if not self._rooms:
            connector = self.kind.unconnected(BaseMetadata).connector
            yield find_factory(self._provider)("any", connector=connector).metadata, None
        for room in dict.fromkeys(self._rooms.values()):
            metadata, implementation = room.load()
            if not _was_retired(metadata):
                yield metadata, implementation

    def _catalogued(self) -> Iterator[_Classes]:
        if not self._rooms:
            return
        for model, row in load_provider(self._provider).rows.items():
            metadata = catalogued_metadata(self._provider, model)
            # What takes no text (a transcriber of sound, say) answers no prompt.
            if metadata is not None and "text" in row.get("input", ("text",)) and not _was_retired(metadata):
                yield metadata, None

    def _try(
        self, feature: Feature, metadata: type[BaseMetadata], implementation: type[BaseLLM] | None, wire: str | None
    ) -> Answer:
        known = feature.facts(metadata)
        if known is False or (known is None and self._rooms):
            return Answer(False)
        llm = self._made.get((metadata, wire))
        if llm is None:
            llm = self._made[metadata, wire] = (implementation or self.kind).unconnected(metadata, wire=wire)
        try:
            detail = feature.probe(llm)
        except InvalidRequestError:
            return Answer(False)
        return Answer(known, detail, metadata.MODEL_ID if self._rooms else None, wire)


def _was_retired(metadata: type[BaseMetadata]) -> bool:
    """Tell whether a model was gone already when its facts were read: the answer does not change from day to day."""
    read_on = [source.read_on for source in metadata.SOURCES]
    return metadata.RETIRED is not None and bool(read_on) and max(read_on) >= metadata.RETIRED
