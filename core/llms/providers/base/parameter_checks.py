"""What values the neutral parameters may have, for every vendor alike. Narrower ranges are the vendor's to refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from core.llms.types.parameters import REASONING_EFFORTS
from core.llms.types.secrets import show_value


def _integer(low: int, high: int | None = None) -> Callable[[Any], str | None]:
    wanted = f"an integer of at least {low}" if high is None else f"an integer from {low} to {high}"

    def check(value: Any) -> str | None:
        if type(value) is int and value >= low and (high is None or value <= high):
            return None
        return wanted

    return check


def _number(low: float, high: float) -> Callable[[Any], str | None]:
    def check(value: Any) -> str | None:
        if type(value) in (int, float) and isfinite(value) and low <= value <= high:
            return None
        return f"a number from {low:g} to {high:g}"

    return check


def _instance(kind: type, wanted: str) -> Callable[[Any], str | None]:
    return lambda value: None if isinstance(value, kind) else wanted


def _stop(value: Any) -> str | None:
    if isinstance(value, str):
        return None if value else "a string that is not empty"
    fine = isinstance(value, list | tuple) and value and all(isinstance(item, str) and item for item in value)
    return None if fine else "a string or a list of strings, none of them empty"


def _effort(value: Any) -> str | None:
    return None if value in REASONING_EFFORTS else f"one of {', '.join(REASONING_EFFORTS)}"


_CHECKS: dict[str, Callable[[Any], str | None]] = {
    "max_tokens": _integer(1),
    "temperature": _number(0, 2),
    "top_p": _number(0, 1),
    "top_k": _integer(0),
    "stop": _stop,
    "seed": _integer(-(2**63), 2**63 - 1),
    "frequency_penalty": _number(-2, 2),
    "presence_penalty": _number(-2, 2),
    "n": _integer(1),
    "logprobs": _instance(bool, "true or false"),
    "top_logprobs": _integer(0, 20),
    "logit_bias": _instance(Mapping, "a mapping of token ids to numbers"),
    "parallel_tool_calls": _instance(bool, "true or false"),
    "reasoning_effort": _effort,
    "reasoning_summary": _instance(str, "a string such as 'auto'"),
    "verbosity": _instance(str, "one of low, medium, high"),
    "service_tier": _instance(str, "a string such as 'flex'"),
    "store": _instance(bool, "true or false"),
    "metadata": _instance(Mapping, "a mapping of strings to strings"),
    "prompt_cache_key": _instance(str, "a string"),
    "prompt_cache_retention": _instance(str, "a string such as '24h'"),
    "safety_identifier": _instance(str, "a string"),
    "previous_response_id": _instance(str, "a string"),
}


def check_value(name: str, value: Any, max_output_tokens: int | None = None) -> str | None:
    """Say what is wrong with a parameter's value and what would be right; None where it is fine."""
    check = _CHECKS.get(name)
    wanted = check(value) if check is not None else None
    if wanted is not None:
        return f"`{name}` must be {wanted}, not {show_value(value, REASONING_EFFORTS)}"
    if name == "max_tokens" and max_output_tokens is not None and value > max_output_tokens:
        return f"`max_tokens` must be at most {max_output_tokens}, the model's largest answer, not {value}"
    return None
