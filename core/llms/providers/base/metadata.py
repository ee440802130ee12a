"""What is known of a model, as a class: data and its checks, no call to any API."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, ClassVar, Literal

from core.llms.errors import UnsupportedParameterError
from core.llms.notices import RetiredModelWarning, warn_caller_once
from core.llms.providers.base.parameter_checks import check_value
from core.llms.types.capabilities import Capability as Capability
from core.llms.types.parameters import ALL_PARAMS, PARAM_REASONING_EFFORT, REASONING_EFFORTS, SAMPLING_PARAMS
from core.llms.types.prices import Prices
from core.llms.types.secrets import show_value


def capabilities(*able: Capability) -> Mapping[Capability, bool]:
    """Say yes to these and no to all others, for a model of which everything is known."""
    return {capability: capability in able for capability in Capability}


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts come from and when they were read there."""

    name: str
    read_on: date


class BaseMetadata:
    """A model's facts. Subclass it with uppercase attributes; what is left out is unknown, and unknown never blocks.

    `NAME` is the catalogue's name, `MODEL_ID` what goes on the wire. `MAX_TOKENS` is the largest answer in tokens,
    `CONTEXT_WINDOW` prompt and answer together. Prices are given as `PRICES` (USD per million tokens) or as the pair
    `COST_PER_1K_INPUT` and `COST_PER_1K_OUTPUT`; each form is made from the other, the pair as of the day of import.
    `CAPABILITIES` maps to yes or no.
    `SUPPORTED_PARAMS` are neutral names; None means that it is not known which ones the model takes.
    `WIRE_NAMES` renames parameters for this model alone. `SOURCES` says where the figures come from.
    """

    NAME: ClassVar[str] = ""
    MODEL_ID: ClassVar[str] = ""
    PROVIDER: ClassVar[str] = ""
    DISPLAY_NAME: ClassVar[str] = ""
    ALIASES: ClassVar[tuple[str, ...]] = ()
    FAMILY: ClassVar[str | None] = None
    CONTEXT_WINDOW: ClassVar[int | None] = None
    MAX_INPUT_TOKENS: ClassVar[int | None] = None
    MAX_TOKENS: ClassVar[int | None] = None
    PRICES: ClassVar[Prices | None] = None
    COST_PER_1K_INPUT: ClassVar[Decimal | None] = None
    COST_PER_1K_OUTPUT: ClassVar[Decimal | None] = None
    SUPPORTED_PARAMS: ClassVar[Set[str] | None] = None
    CAPABILITIES: ClassVar[Mapping[Capability, bool]] = {}
    WIRE: ClassVar[str | None] = None
    WIRE_NAMES: ClassVar[Mapping[str, str]] = {}
    SAMPLING: ClassVar[Literal["always", "unless_reasoning", "never"]] = "always"
    REASONING_EFFORTS: ClassVar[tuple[str, ...]] = ()
    DEFAULT_REASONING_EFFORT: ClassVar[str | None] = None
    EMBEDDING_DIMENSIONS: ClassVar[int | None] = None
    KNOWLEDGE_CUTOFF: ClassVar[date | None] = None
    RELEASED: ClassVar[date | None] = None
    DEPRECATED: ClassVar[date | None] = None
    RETIRED: ClassVar[date | None] = None
    REPLACEMENT: ClassVar[str | None] = None
    SOURCES: ClassVar[tuple[Source, ...]] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.MODEL_ID = cls.MODEL_ID or cls.NAME
        names: Set[Any] | None = cls.SUPPORTED_PARAMS
        if names is not None:
            # An ellipsis, as in `{PARAM_MAX_TOKENS, ...}`, leaves the set open: then nothing is refused by it.
            cls.SUPPORTED_PARAMS = None if ... in names else frozenset(names)
        cls._settle_prices(vars(cls))

    @classmethod
    def _settle_prices(cls, own: Mapping[str, Any]) -> None:
        into, out = own.get("COST_PER_1K_INPUT"), own.get("COST_PER_1K_OUTPUT")
        if own.get("PRICES") is None and into is not None and out is not None:
            cls.PRICES = Prices(Decimal(str(into)) * 1000, Decimal(str(out)) * 1000)
        if cls.PRICES is not None:
            today = cls.PRICES.on(date.today())
            cls.COST_PER_1K_INPUT = today.input / 1000
            cls.COST_PER_1K_OUTPUT = today.output / 1000

    @classmethod
    def supports(cls, capability: Capability | str) -> bool | None:
        """Say yes, no, or None for not known."""
        known = capability if type(capability) is Capability else Capability(capability)
        return cls.CAPABILITIES.get(known)

    @classmethod
    def is_reasoning(cls, params: Mapping[str, Any]) -> bool:
        """Tell whether the model reasons with these parameters."""
        effort = params.get(PARAM_REASONING_EFFORT, cls.DEFAULT_REASONING_EFFORT)
        return bool(cls.REASONING_EFFORTS) and effort != "none"

    @classmethod
    def validate_params(cls, params: Mapping[str, Any]) -> dict[str, Any]:
        """Check neutral parameters and return those that are set (not None).

        Raises `UnsupportedParameterError`, which names what the model does take, and the reason in words.
        """
        checked: dict[str, Any] = {}
        for name, value in params.items():
            if value is not None:
                if problem := cls.refusal_of(name, value, params):
                    raise UnsupportedParameterError(problem, provider=cls.PROVIDER or None, model=cls.MODEL_ID or None)
                checked[name] = value
        return checked

    @classmethod
    def refusal_of(cls, name: str, value: Any, params: Mapping[str, Any]) -> str | None:
        """Say why this model refuses one parameter, or None where it does not."""
        if cls.SUPPORTED_PARAMS is not None and name not in cls.SUPPORTED_PARAMS:
            return cls._unsupported(name)
        if name not in ALL_PARAMS and cls.SUPPORTED_PARAMS is None:
            return cls._unsupported(name)
        if name in SAMPLING_PARAMS and cls._refuses_sampling(params):
            fix = "; set reasoning_effort='none' to use it" if "none" in cls.REASONING_EFFORTS else ""
            return f"`{name}` is not taken while the model reasons{fix}"
        if name == PARAM_REASONING_EFFORT and cls.REASONING_EFFORTS and value not in cls.REASONING_EFFORTS:
            wanted = ", ".join(cls.REASONING_EFFORTS)
            return f"`reasoning_effort` must be one of {wanted}, not {show_value(value, REASONING_EFFORTS)}"
        return check_value(name, value, cls.MAX_TOKENS)

    @classmethod
    def _refuses_sampling(cls, params: Mapping[str, Any]) -> bool:
        return cls.SAMPLING == "never" or (cls.SAMPLING == "unless_reasoning" and cls.is_reasoning(params))

    @classmethod
    def _unsupported(cls, name: str) -> str:
        known = sorted(ALL_PARAMS if cls.SUPPORTED_PARAMS is None else cls.SUPPORTED_PARAMS)
        if not known:
            return f"`{name}` is not supported: the model takes no parameters"
        close = get_close_matches(name, known, 1)
        hint = f" (did you mean `{close[0]}`?)" if close and name not in ALL_PARAMS else ""
        return (
            f"`{name}` is not supported{hint}; supported: {', '.join(known)}. "
            "A vendor's own parameter goes into `provider_options`"
        )

    @classmethod
    def warn_if_retired(cls) -> None:
        """Warn, once a process, that the model is retired and what replaces it."""
        if cls.RETIRED is not None and date.today() >= cls.RETIRED:
            instead = f"; use {cls.REPLACEMENT}" if cls.REPLACEMENT else ""
            warn_caller_once(f"{cls.NAME} was retired on {cls.RETIRED}{instead}", RetiredModelWarning)


def as_metadata(metadata: type, provider: str = "") -> type[BaseMetadata]:
    """Accept a class that has the attributes without the base class, too.

    Where it has no `MODEL_ID`, that is its `NAME` without the provider's name in front.
    """
    if issubclass(metadata, BaseMetadata):
        return metadata
    facts = {"PROVIDER": provider} | {name: value for name, value in vars(metadata).items() if name.isupper()}
    facts.setdefault("MODEL_ID", str(facts.get("NAME", "")).removeprefix(f"{provider}-"))
    return type(metadata.__name__, (BaseMetadata,), facts)
