"""Why a cost here is not genai-prices': every rule, who is right by it, and the differences that it explains.

A rule is looked for in this order, and the first that explains a difference is its reason. `READINGS` has recorded
answers of which genai-prices reads another usage. Both tables are printed in `docs/prices.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from tests.contract.cost_cases import EARLIER, WEEKEND, Difference


@dataclass(frozen=True, slots=True)
class Rule:
    """A reason for differences. `right` says whose figure is the bill, as far as the sources tell."""

    name: str
    right: Literal["ours", "theirs", "open"]
    why: str
    explains: Callable[[Difference], bool]


def _has_variant(found: Difference) -> bool:
    """Tell whether genai-prices has a price of the tier that the usage names, at that moment."""
    tier = found.usage.service_tier
    variants = () if found.model.borrowed else found.model.foreign.price_variants or ()
    return any(
        tier in variant.when.values() and (variant.constraint is None or variant.constraint.active(found.moment))
        for variant in variants
    )


def _has_one_write(found: Difference) -> bool:
    """Tell whether genai-prices has one price for whatever is written to the cache, however long it stays."""
    prices = found.model.foreign.get_prices(found.moment)
    return found.usage.cache_write_1h_tokens > 0 and getattr(prices, "cache_write_1h_mtok", None) is None


def _of(*ids: str) -> Callable[[Difference], bool]:
    return lambda found: f"{found.model.provider}/{found.model.id}" in ids


def _with_part(ids: Callable[[Difference], bool], part: str) -> Callable[[Difference], bool]:
    return lambda found: bool(getattr(found.usage, part)) and ids(found)


RULES: Final = (
    Rule(
        "a tier whose price is not known here",
        "ours",
        "No list has a price of this tier for the model, so the cost is None with that reason; genai-prices takes the"
        " standard price",
        lambda found: found.ours is None and found.usage.service_tier is not None,
    ),
    Rule(
        "a vendor's tool whose fee is not known here",
        "ours",
        "No list has the fee, so the cost is None with that reason; genai-prices counts no fee",
        lambda found: found.ours is None and found.usage.server_tool_requests > 0,
    ),
    Rule(
        "another vendor's price",
        "ours",
        "genai-prices has no price of this host for the model and takes one of another (xAI's for Grok on Azure,"
        " Cerebras' for gpt-oss); here it is the host's own, as litellm or models.dev list it",
        lambda found: found.model.borrowed,
    ),
    Rule(
        "a tier without a variant",
        "ours",
        "genai-prices has no variant for this tier at the moment and takes the standard price; here it is what the"
        " vendor or litellm lists for the tier",
        lambda found: found.usage.service_tier is not None and not _has_variant(found),
    ),
    Rule(
        "past prices",
        "theirs",
        "A moment before the last change: genai-prices keeps what was; a model's class, and every other list, keep the"
        " price of today and of days to come",
        lambda found: found.moment == EARLIER and isinstance(found.model.foreign.prices, list),
    ),
    Rule(
        "peak hours at the weekend",
        "ours",
        "DeepSeek has no peak on Saturdays and Sundays; genai-prices has no rule for days of the week, as its comment"
        " says",
        lambda found: found.model.provider == "deepseek" and found.moment == WEEKEND,
    ),
    Rule(
        "retired names of DeepSeek",
        "ours",
        "genai-prices has the prices of early 2025 for these names; the last ones were those of V3.2",
        _of("deepseek/deepseek-chat", "deepseek/deepseek-reasoner"),
    ),
    Rule(
        "12 hours in OpenAI's cache",
        "ours",
        "litellm lists them at twice the price of a write; genai-prices has one price for all writes",
        lambda found: found.model.provider == "openai" and _has_one_write(found),
    ),
    Rule(
        "an hour in Claude's cache at another host",
        "ours",
        "Anthropic's rule is twice the price of input; genai-prices has one price for all writes there",
        lambda found: "claude" in found.model.id and _has_one_write(found),
    ),
    Rule(
        "fees of Sonar's requests",
        "ours",
        "By default a request searches least: $5 and $6 a thousand in recorded answers; genai-prices has $12 and $14,"
        " which are those of the most searching",
        _of("perplexity/sonar", "perplexity/sonar-pro", "perplexity/sonar-reasoning-pro"),
    ),
    Rule(
        "prompts over 200,000 tokens to Claude Sonnet 4.5",
        "ours",
        "They are refused since 2026-04-30, when their prices ended; genai-prices keeps these, as its comment says",
        lambda found: "claude-sonnet-4" in found.model.id and found.usage.input_tokens > 200_000,
    ),
    Rule(
        "web searches of Claude 3 Opus",
        "open",
        "Anthropic's fee is counted here; whether the model could search is not known, and it is retired",
        _with_part(_of("anthropic/claude-3-opus-20240229"), "server_tool_requests"),
    ),
    Rule(
        "web searches of o4-mini on Azure",
        "ours",
        "litellm lists Azure's fee for it; genai-prices has none",
        _with_part(_of("azure/o4-mini"), "server_tool_requests"),
    ),
    Rule(
        "answers and caches of embeddings",
        "ours",
        "An embedding has no answer and reports no cached tokens; genai-prices has a price for one of these",
        _of("mistral/mistral-embed", "mistral/codestral-embed"),
    ),
    Rule(
        "mistral-large-latest",
        "ours",
        "genai-prices has the price of Mistral Large 2 for the name, which means a later one by now",
        lambda found: found.model.foreign.id == "mistral-large",
    ),
    Rule(
        "writes to Gemini's cache at OpenRouter",
        "open",
        "genai-prices has $0.04 a million, which may be the storage alone, without the input; here they cost as input."
        " OpenRouter says itself what a call costs, and that goes first",
        _with_part(_of("openrouter/google/gemini-3.8-flash"), "cache_write_tokens"),
    ),
)


def reason_of(found: Difference) -> Rule | None:
    """Find the rule that explains a difference."""
    return next((rule for rule in RULES if rule.explains(found)), None)


@dataclass(frozen=True, slots=True)
class Reading:
    """Why usage is read otherwise from some recorded answers, named by the beginnings of their names."""

    name: str
    right: Literal["ours", "theirs"]
    why: str
    exchanges: tuple[str, ...]


READINGS: Final = (
    Reading(
        "calls of the vendor's tools",
        "ours",
        "They stand beside the usage, among what the model did; genai-prices reads the usage alone and counts no fee",
        ("openai/responses-", "vertexai/generate-content-reasoning-1", "xai/responses-reasoning-cache-2"),
    ),
    Reading(
        "sound that goes into Voxtral",
        "ours",
        "Mistral counts it beside `prompt_tokens`, in `prompt_audio_seconds`' tokens; genai-prices leaves it out",
        ("mistral/chat-completions-audio-",),
    ),
)


def render_tables() -> str:
    """Render both tables as Markdown."""
    rows = [(rule.name, rule.right, rule.why) for rule in (*RULES, *READINGS)]
    lines = [f"| {name} | {right} | {why} |" for name, right, why in rows]
    return "\n".join(["| difference | right | why |", "|---|---|---|", *lines])
