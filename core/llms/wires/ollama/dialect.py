"""What a server's settings and a model change in what is sent, as data. Addresses and keys are not here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core.llms.types import parameters as names

ORIGIN: Final = "ollama"

# Where the neutral parameters stand in `options` (ollama 0.6.3, Options, read 2026-11-21).
OPTION_NAMES: Final[Mapping[str, str]] = {
    names.PARAM_MAX_TOKENS: "num_predict",
    names.PARAM_TEMPERATURE: "temperature",
    names.PARAM_TOP_P: "top_p",
    names.PARAM_TOP_K: "top_k",
    names.PARAM_SEED: "seed",
    names.PARAM_STOP: "stop",
    names.PARAM_FREQUENCY_PENALTY: "frequency_penalty",
    names.PARAM_PRESENCE_PENALTY: "presence_penalty",
}
TOP_NAMES: Final = frozenset({names.PARAM_LOGPROBS, names.PARAM_TOP_LOGPROBS})
EXPRESSIBLE: Final = frozenset(OPTION_NAMES) | TOP_NAMES | {names.PARAM_REASONING_EFFORT}


@dataclass(frozen=True, slots=True)
class OllamaDialect:
    """How one model is asked.

    context_tokens: `num_ctx`, the context that the server makes room for; None: the server's own setting.
    keep_alive: how long the model stays loaded, seconds or text such as `10m`; None: the server's own setting.
    thinking_levels: whether the model takes a level of thinking (gpt-oss); the others take yes or no.
    """

    context_tokens: int | None = None
    keep_alive: float | str | None = None
    thinking_levels: bool = False
