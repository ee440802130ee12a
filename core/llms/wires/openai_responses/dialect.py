"""What a vendor that speaks the Responses wire does differently, as frozen data. No vendor is named here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from core.llms.types.request import LLMRequest
from core.llms.wires.openai_common import DEFAULT_RULES, ErrorRules

WIRE_NAME = "openai_responses"


@dataclass(frozen=True, slots=True)
class ResponsesDialect:
    """The differences; the defaults are OpenAI's own.

    `origin` marks the reasoning, the opaque parts and the `extra` of the answers, and only those of the same go back.
    A vendor that cannot read another's encrypted reasoning gets an origin of its own. `errors` are its error codes.

    `encrypted_reasoning` says when `include` asks for `reasoning.encrypted_content`, without which reasoning does not
    survive where the vendor keeps nothing. `with_reasoning_params`: where `reasoning_effort` or `reasoning_summary` is
    set and `store` is not True, since a model that does not reason may refuse the wish and a request alone does not
    tell which model reasons. `always`: the vendor keeps nothing and every model takes it. `never`: the vendor does not
    know the wish.

    `reported_cost` reads from the usage object what the vendor says that the call costs, in USD.
    `render_extra` completes the body, before `provider_options` are laid over it, and returns what is to be warned of.
    """

    origin: str = WIRE_NAME
    encrypted_reasoning: Literal["with_reasoning_params", "always", "never"] = "with_reasoning_params"
    errors: ErrorRules = DEFAULT_RULES
    reported_cost: Callable[[Mapping[str, Any]], Decimal | None] | None = None
    render_extra: Callable[[dict[str, Any], LLMRequest], Iterable[str]] | None = None
