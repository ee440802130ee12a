"""Sending one probe to one model: what goes out, within which budget, and what is made of whatever comes back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Final

from core.llms.context import LLMContext
from core.llms.errors import APIError, BudgetExceededError, InvalidRequestError, LLMError
from core.llms.ledger import Ledger, MoneyBudget
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.base.metadata import BaseMetadata, Capability
from core.llms.registry.detection.base.probes import Probe, Verdict
from core.llms.registry.detection.base.results import PlannedProbe, ProbeResult
from core.llms.types.events import TextDelta
from core.llms.types.response import LLMResponse

_MAX_TOKENS: Final = 256
_MAX_TOKENS_THINKING: Final = 2_048
_SECONDS: Final = 60.0
_LONGEST_EVIDENCE: Final = 300


def unassuming(metadata: type[BaseMetadata] | None, provider: str, model: str) -> type[BaseMetadata]:
    """Make metadata by which nothing is refused before it is sent; prices, wire and manner of thinking stay known."""
    base = metadata or BaseMetadata
    thinks = base.supports(Capability.REASONING)
    facts: dict[str, Any] = {
        "CAPABILITIES": {} if thinks is None else {Capability.REASONING: thinks},
        "SUPPORTED_PARAMS": None,
        "SAMPLING": "always",
        "MAX_TOKENS": None,
    }
    if metadata is None:
        facts |= {"NAME": f"{provider}-{model}", "MODEL_ID": model, "PROVIDER": provider}
    return type("UnassumingMetadata", (base,), facts)


@dataclass(frozen=True, slots=True)
class Prober:
    """Sends the probes of a detection: within one budget, so many at once, each within a minute and never repeated."""

    budget: MoneyBudget | None
    gate: asyncio.Semaphore

    async def send(self, llm: BaseLLM, probe: Probe) -> ProbeResult:
        """Send a probe and judge what comes. An error of the SDK is a result, too."""
        async with self.gate:
            context, began = LLMContext(timeout_seconds=_SECONDS, budget=self.budget), monotonic()
            try:
                verdict, outcome = await _ask(llm, probe, context), "ok"
            except (InvalidRequestError, BudgetExceededError) as error:
                verdict, outcome = Verdict(None, error.message), "not sent"
            except APIError as error:
                verdict, outcome = probe.judge_error(error), type(error).__name__
            except LLMError as error:
                verdict, outcome = Verdict(None, error.message), type(error).__name__
            return _result(probe, verdict, outcome, context.ledger, monotonic() - began)


def _result(probe: Probe, verdict: Verdict, outcome: str, ledger: Ledger, seconds: float) -> ProbeResult:
    last = next(reversed(ledger.attempts), None)
    return ProbeResult(
        probe=probe.name,
        answer=verdict.answer,
        evidence=" ".join(verdict.evidence.split())[:_LONGEST_EVIDENCE],
        outcome=outcome,
        at=datetime.now(UTC),
        status=None if last is None else last.status,
        seconds=seconds,
        cost=None if ledger.unpriced_count else ledger.cost + ledger.maybe_charged_cost,
    )


async def _ask(llm: BaseLLM, probe: Probe, context: LLMContext) -> Verdict:
    options = options_for(llm, probe)
    if probe.streams:
        response, pieces = await _stream(llm, probe, context, options)
    else:
        response, pieces = await llm.get_answer(probe.messages, context, **options), 1
    for warning in response.warnings:
        if probe.names.search(warning.lower()):
            # It was left out of the request, by what the server had refused: the answer shows nothing.
            return Verdict(False if "server" in warning else None, warning)
    return probe.judge(response, pieces)


async def _stream(llm: BaseLLM, probe: Probe, context: LLMContext, options: Any) -> tuple[LLMResponse, int]:
    pieces = 0
    async with llm.stream_answer(probe.messages, context, **options) as stream:
        async for event in stream:
            pieces += isinstance(event, TextDelta)
        return stream.response, pieces


def options_for(llm: BaseLLM, probe: Probe) -> Any:
    """Return the options that a probe goes out with: few tokens, and more for a model that may think."""
    may_think = llm.metadata.REASONING_EFFORTS or llm.metadata.supports(Capability.REASONING)
    return {"max_tokens": _MAX_TOKENS_THINKING if may_think else _MAX_TOKENS, **probe.options}


def plan_probe(llm: BaseLLM, probe: Probe) -> PlannedProbe:
    """Say what a probe may cost at most, or why it cannot be sent."""
    planned = PlannedProbe(provider=llm.PROVIDER, model=llm.model, probe=probe.name)
    try:
        cost = llm.reserved_cost(probe.messages, stream=probe.streams, **options_for(llm, probe))
    except InvalidRequestError as error:
        return replace(planned, skipped=error.message)
    return replace(planned, highest_cost=cost)
