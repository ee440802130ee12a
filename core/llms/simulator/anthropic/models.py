"""The models the simulated Anthropic knows, as data.

Limits, efforts and release dates: models.dev snapshot of 2026-09-30, litellm 1.109.1 of 2026-11-12 and pi-ai 1.5.2 of
2026-11-10. Kinds of thinking, sampling, prefill, system messages and forced tools: litellm 1.109.1, a recorded list of
models of 2026-05 and Anthropic's pages on Opus 5.5 and Sonnet 5.5, read 2026-11-21. Retirements: anthropic 2.11.0,
`resources/messages/messages.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

UNKNOWN_DAY = "1970-01-01"
ThinkingType: TypeAlias = Literal["adaptive", "enabled", "disabled", "between_tools"]


@dataclass(frozen=True, slots=True)
class Model:
    """What one model takes and gives; windows and limits are in tokens, dates are days.

    `name` is what a reply calls it, `alias` another name it answers to. `thinks_by_default` is what leaving `thinking`
    out means; `shows_thinking` is the default of its `display`. `cache_minimum` is the shortest prompt that is cached.
    A model with a day in `retires` is deprecated.
    """

    name: str
    display_name: str
    line: str
    released: str
    alias: str | None = None
    context_window: int = 1_000_000
    max_output: int = 128_000
    efforts: tuple[str, ...] = ("low", "medium", "high", "xhigh", "max")
    default_effort: str = "high"
    thinking: tuple[ThinkingType, ...] = ("adaptive", "disabled")
    thinks_by_default: bool = True
    shows_thinking: bool = False
    samples: bool = False
    prefills: bool = False
    system_messages: bool = True
    forced_tools: bool = True
    forced_tools_while_thinking: bool = True
    cache_minimum: int = 512
    retires: str | None = None

    @property
    def always_thinks(self) -> bool:
        """Whether its thinking can not be turned off."""
        return not {"disabled", "between_tools"} & set(self.thinking)


@dataclass(frozen=True, slots=True)
class RetiredModel:
    """A model that is no longer served, and the day it ended."""

    name: str
    display_name: str
    line: str
    released: str
    retired: str


_ALWAYS: tuple[ThinkingType, ...] = ("adaptive",)
_BY_EFFORT_OR_BUDGET: tuple[ThinkingType, ...] = ("adaptive", "enabled", "disabled")
_BY_BUDGET: tuple[ThinkingType, ...] = ("enabled", "disabled")


def _always_thinking(name: str, display_name: str, line: str, released: str) -> Model:
    return Model(name, display_name, line, released, thinking=_ALWAYS, forced_tools=False)


def _generation_4(name: str, display_name: str, line: str, released: str, cache_minimum: int) -> Model:
    return Model(
        name,
        display_name,
        line,
        released,
        thinks_by_default=False,
        system_messages=False,
        forced_tools_while_thinking=False,
        cache_minimum=cache_minimum,
    )


def _sampling(model: Model, alias: str | None, thinking: tuple[ThinkingType, ...], efforts: tuple[str, ...]) -> Model:
    return replace(model, alias=alias, thinking=thinking, efforts=efforts, samples=True, shows_thinking=True)


_FABLE_5 = Model("claude-fable-5", "Claude Fable 5", "fable", "2026-06-07", thinking=_ALWAYS)
_OPUS_4_8 = _generation_4("claude-opus-4-8", "Claude Opus 4.8", "opus", "2026-05-28", 1024)
_OPUS_4_6 = _generation_4("claude-opus-4-6", "Claude Opus 4.6", "opus", "2026-02-05", 4096)
_SONNET_4_6 = _generation_4("claude-sonnet-4-6", "Claude Sonnet 4.6", "sonnet", "2026-02-17", 1024)
_OPUS_4_5 = replace(
    _generation_4("claude-opus-4-5-20251101", "Claude Opus 4.5", "opus", "2025-11-24", 4096),
    context_window=200_000,
    max_output=64_000,
    prefills=True,
)
_HAIKU_4_5 = replace(
    _generation_4("claude-haiku-4-5-20251001", "Claude Haiku 4.5", "haiku", "2025-10-15", 4096),
    context_window=200_000,
    max_output=64_000,
    prefills=True,
)
_SONNET_4_5 = replace(
    _generation_4("claude-sonnet-4-5-20250929", "Claude Sonnet 4.5", "sonnet", "2025-09-29", 1024),
    max_output=64_000,
    prefills=True,
    retires="2026-11-30",
)
_LOW_TO_HIGH = ("low", "medium", "high")
_LOW_TO_MAX = (*_LOW_TO_HIGH, "max")

_ROWS = (
    _always_thinking("claude-fable-5-2", "Claude Fable 5.2", "fable", UNKNOWN_DAY),
    _always_thinking("claude-mythos-5-2", "Claude Mythos 5.2", "mythos", UNKNOWN_DAY),
    Model("claude-haiku-5-5", "Claude Haiku 5.5", "haiku", UNKNOWN_DAY),
    replace(
        _always_thinking("claude-sonnet-5-5", "Claude Sonnet 5.5", "sonnet", "2026-09-28"),
        thinking=("adaptive", "between_tools"),
    ),
    replace(
        _always_thinking("claude-opus-5-5", "Claude Opus 5.5", "opus", "2026-09-22"),
        default_effort="medium",
    ),
    _always_thinking("claude-fable-5-1", "Claude Fable 5.1", "fable", "2026-09-01"),
    _always_thinking("claude-mythos-5-1", "Claude Mythos 5.1", "mythos", UNKNOWN_DAY),
    Model("claude-opus-5", "Claude Opus 5", "opus", "2026-07-24"),
    Model("claude-sonnet-5", "Claude Sonnet 5", "sonnet", "2026-06-29", system_messages=False, cache_minimum=1024),
    _FABLE_5,
    replace(_FABLE_5, name="claude-mythos-5", display_name="Claude Mythos 5", line="mythos"),
    replace(_OPUS_4_8, system_messages=True, forced_tools_while_thinking=True),
    _generation_4("claude-opus-4-7", "Claude Opus 4.7", "opus", "2026-04-16", 2048),
    _sampling(_SONNET_4_6, None, _BY_EFFORT_OR_BUDGET, _LOW_TO_MAX),
    _sampling(_OPUS_4_6, None, _BY_EFFORT_OR_BUDGET, _LOW_TO_MAX),
    _sampling(_OPUS_4_5, "claude-opus-4-5", _BY_BUDGET, _LOW_TO_HIGH),
    _sampling(_HAIKU_4_5, "claude-haiku-4-5", _BY_BUDGET, ()),
    _sampling(_SONNET_4_5, "claude-sonnet-4-5", _BY_BUDGET, ()),
)
MODELS: dict[str, Model] = {row.name: row for row in _ROWS}
_BY_ALIAS: dict[str, Model] = {row.alias: row for row in _ROWS if row.alias is not None}
RETIRED: dict[str, RetiredModel] = {
    row.name: row
    for row in (
        RetiredModel("claude-mythos-preview", "Claude Mythos Preview", "mythos", UNKNOWN_DAY, "2026-06-30"),
        RetiredModel("claude-opus-4-20250514", "Claude Opus 4", "opus", "2025-05-22", "2026-06-15"),
        RetiredModel("claude-sonnet-4-20250514", "Claude Sonnet 4", "sonnet", "2025-05-22", "2026-06-15"),
        RetiredModel("claude-3-7-sonnet-20250219", "Claude Sonnet 3.7", "sonnet", "2025-02-24", "2026-02-19"),
        RetiredModel("claude-3-5-haiku-20241022", "Claude Haiku 3.5", "haiku", "2024-10-22", "2026-02-19"),
        RetiredModel("claude-3-opus-20240229", "Claude Opus 3", "opus", "2024-02-29", "2026-01-05"),
        RetiredModel("claude-3-sonnet-20240229", "Claude Sonnet 3", "sonnet", "2024-02-29", "2025-07-21"),
    )
}


def find_model(name: str) -> Model | None:
    """The model of a name or of an alias; None where there is none, or where it is retired."""
    return MODELS.get(name) or _BY_ALIAS.get(name)
