"""`CallLog`: a line of the standard `logging` for each call, and a filter that masks secrets in anybody's lines."""

from __future__ import annotations

import logging
from typing import Any

from core.llms.runtime.monitoring.call_record import CallRecord
from core.llms.runtime.secret_patterns import mask_secrets


class CallLog:
    """An observer that writes one line a call to a logger: INFO where it went well, WARNING where it did not.

    The line has the facts in words; `record.llm_call` has them as a dict, for a formatter that writes JSON. Neither
    holds a prompt or an answer; an error's own text is written with what looks like a secret masked.
    """

    def __init__(self, logger: logging.Logger | str = "core.llms.calls", level: int = logging.INFO) -> None:
        self._logger = logging.getLogger(logger) if isinstance(logger, str) else logger
        self._level = level

    def observe(self, record: CallRecord) -> None:
        """Write the line."""
        level = self._level if record.outcome in ("ok", "cancelled") else max(self._level, logging.WARNING)
        if self._logger.isEnabledFor(level):
            facts = describe_call(record)
            self._logger.log(level, "%s", _sentence(facts), extra={"llm_call": facts})


def describe_call(record: CallRecord) -> dict[str, Any]:
    """Return the facts of a call as values that JSON holds; money as text, exact. What is not known is left out."""
    usage, ctx, target = record.usage, record.ctx, record.target
    facts: dict[str, Any] = {
        "operation": record.operation,
        "alias": target.alias,
        "provider": target.provider,
        "model": record.model,
        "streamed": record.streamed,
        "outcome": record.outcome,
        "began_at": record.began_at.isoformat(),
        "seconds": round(record.seconds, 6),
        "first_event_seconds": _rounded(record.first_event_seconds),
        "queued_seconds": _rounded(record.queued_seconds or None),
        "attempts": len(record.attempts),
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cache_read_tokens": usage.cache_read_tokens or None,
        "reasoning_tokens": usage.reasoning_tokens or None,
        "cached": record.is_cached or None,
        "cost_usd": str(record.cost) if record.is_priced else None,
        "maybe_charged_usd": str(record.maybe_charged_cost) if record.maybe_charged_cost else None,
        "request_id": getattr(record.response or record.error, "request_id", None),
        "user_id": ctx.user_id,
        "tags": list(ctx.tags) or None,
        "error": None if record.error is None else mask_secrets(str(record.error)) or None,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 6)


def _sentence(facts: dict[str, Any]) -> str:
    place = facts.get("alias") or f"{facts['provider']}/{facts['model']}"
    parts = [f"{facts['operation']} {place}: {facts['outcome']} in {facts['seconds']:.3f} s"]
    if "cached" in facts:
        parts.append("out of the cache")
    if facts["attempts"] > 1:
        parts.append(f"{facts['attempts']} attempts")
    parts.append(f"{facts['input_tokens']} + {facts['output_tokens']} tokens")
    if "cost_usd" in facts:
        parts.append(f"${facts['cost_usd']}")
    if "error" in facts:
        parts.append(facts["error"])
    return ", ".join(parts)


class MaskSecrets(logging.Filter):
    """A filter for any logger or handler: masks what looks like a key, a token or a password in its lines.

    It is a net, not a promise. Arguments are merged into the message, tracebacks are masked too.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the line; it is always let through."""
        record.msg, record.args = mask_secrets(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = mask_secrets(record.exc_text)
        return True
