"""Parameters for a use, packaged: data, with a reason for each value. Which model takes them is not asked here.

Temperatures are on the vendors' common ground, 0 to 1. None has `max_tokens`: how long an answer must be is the task's,
and with a reasoning model what it thinks counts into it. None has `top_p`, which some models do not take together with
a temperature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Final

from core.llms.types.parameters import PARAM_REASONING_EFFORT, PARAM_TEMPERATURE, PARAM_VERBOSITY


@dataclass(frozen=True, slots=True)
class PresetValue:
    """A value, and why the preset has it."""

    value: Any
    reason: str


@dataclass(frozen=True, slots=True)
class Preset:
    """Parameters for a use. `values` have neutral names, in the order in which they matter."""

    name: str
    purpose: str
    values: Mapping[str, PresetValue]

    def plain(self) -> dict[str, Any]:
        """Return the values alone."""
        return {name: stated.value for name, stated in self.values.items()}


def _preset(name: str, purpose: str, **values: tuple[Any, str]) -> Preset:
    return Preset(name, purpose, MappingProxyType({field: PresetValue(*stated) for field, stated in values.items()}))


_LITTLE_THOUGHT: Final = ("low", "there is little to work out, and every token of thought costs time and money")

PRESETS: Final[Mapping[str, Preset]] = MappingProxyType(
    {
        preset.name: preset
        for preset in (
            _preset(
                "chat",
                "Conversation with people.",
                **{PARAM_TEMPERATURE: (0.7, "varied enough not to repeat itself, and still to the point")},
            ),
            _preset(
                "classification",
                "Choosing one of the labels that are given.",
                **{
                    PARAM_TEMPERATURE: (0.0, "the likeliest label is wanted, and the same one for the same text"),
                    PARAM_REASONING_EFFORT: _LITTLE_THOUGHT,
                    PARAM_VERBOSITY: ("low", "the label is the whole answer"),
                },
            ),
            _preset(
                "code",
                "Writing and changing programs.",
                **{
                    PARAM_TEMPERATURE: (0.0, "a name or a call that is only probable does not run"),
                    PARAM_REASONING_EFFORT: ("medium", "cases are missed without thought"),
                },
            ),
            _preset(
                "creative",
                "Stories, names, ideas.",
                **{PARAM_TEMPERATURE: (1.0, "the likeliest words make the dullest text")},
            ),
            _preset(
                "extraction",
                "Reading facts out of a text into fields, with or without a schema.",
                **{
                    PARAM_TEMPERATURE: (0.0, "what the text says has one right form"),
                    PARAM_REASONING_EFFORT: _LITTLE_THOUGHT,
                },
            ),
            _preset(
                "rag",
                "Answering from passages that were found.",
                **{
                    PARAM_TEMPERATURE: (0.1, "the passages are to be followed, not added to"),
                    PARAM_REASONING_EFFORT: ("low", "the passages hold the answer; they are to be weighed, not more"),
                },
            ),
            _preset(
                "summarization",
                "Saying shortly what a text says.",
                **{
                    PARAM_TEMPERATURE: (0.3, "free in its words, close to the text"),
                    PARAM_REASONING_EFFORT: _LITTLE_THOUGHT,
                },
            ),
            _preset(
                "translation",
                "Saying in another language what a text says.",
                **{
                    PARAM_TEMPERATURE: (0.3, "idiom needs some freedom, the meaning leaves none"),
                    PARAM_REASONING_EFFORT: _LITTLE_THOUGHT,
                },
            ),
        )
    }
)


def find_preset(name: str) -> Preset:
    """Return a preset. Raises `ValueError`, which says what may be meant and which there are."""
    preset = PRESETS.get(name)
    if preset is None:
        close = get_close_matches(name, PRESETS, 1)
        hint = f" (did you mean {close[0]!r}?)" if close else ""
        raise ValueError(f"no preset is called {name!r}{hint}; there are: {', '.join(PRESETS)}")
    return preset
