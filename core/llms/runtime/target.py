"""Where the attempts of an LLM go, as its middleware sees it."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.llms.runtime.retry_budget import RetryBudget
from core.llms.types.prices import Prices


@dataclass(frozen=True, slots=True)
class Target:
    """One model behind one address, called with one credential.

    `account` tells credentials of one address apart by a fingerprint, from which none can be read; it is the same in
    every process. `vendor` is the name that OpenTelemetry has for the provider; `alias` is the name that a
    configuration goes by, `wire` of the form that is spoken. The bucket is shared by all who call the same model with
    the same credential.
    """

    provider: str
    model: str
    prices: Prices | None = None
    retry_budget: RetryBudget = field(default_factory=RetryBudget, repr=False, compare=False)
    address: str = ""
    account: str = ""
    max_output_tokens: int | None = None
    vendor: str = ""
    alias: str | None = None
    wire: str = ""
