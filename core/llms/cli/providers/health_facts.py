"""What is shown of health, to people and to programs. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from core.llms.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from core.llms.provider_config.health.policy import HealthPolicy
    from core.llms.provider_config.health.values import HealthCheck, HealthStatus, Measured

STATUS_COLUMNS: Final = (
    "model", "state", "active", "checked", "success", "p50 s", "p95 s", "live calls", "live success", "last error",
)  # fmt: skip
STATUS_FIGURES: Final = (4, 5, 6, 7, 8)
CHECK_COLUMNS: Final = ("at", "kind", "outcome", "calls", "seconds", "error")
CHECK_FIGURES: Final = (3, 4)
_CODES: Final = {
    "refused": ExitCode.REFUSED,
    "failed": ExitCode.VENDOR_FAILED,
    "busy": ExitCode.RATE_LIMITED,
    "inconclusive": ExitCode.CONFIGURATION,
}


def status_facts(status: HealthStatus) -> dict[str, Any]:
    """Return how a configuration stands, as JSON has it."""
    facts = asdict(status)
    for kind, measured in (("checks", status.checks), ("live", status.live)):
        facts[kind]["success_rate"] = measured.success_rate
    return facts


def status_row(status: HealthStatus) -> Sequence[str]:
    """Return a configuration's line of the table."""
    checks, live = status.checks, status.live
    failed = status.error_class or ""
    return (
        f"{status.provider_name}/{status.model_id}",
        status.state,
        "yes" if status.is_active else "no" if status.switched_off_at is None else "no, by health",
        _moment(status.checked_at),
        _rate(checks),
        _seconds(checks, checks.latency.p50),
        _seconds(checks, checks.latency.p95),
        str(live.calls) if live.calls else "",
        _rate(live),
        f"{failed} ({status.failures_in_a_row} in a row)" if status.failures_in_a_row else failed,
    )


def check_facts(check: HealthCheck) -> dict[str, Any]:
    """Return a check as JSON has it."""
    return asdict(check)


def check_row(check: HealthCheck) -> Sequence[str]:
    """Return a check's line of a configuration's history."""
    error = ": ".join(filter(None, (check.error_class, check.message)))
    return (
        _moment(check.at), check.kind, check.outcome, str(check.calls), f"{check.latency_seconds:.3f}", error,
    )  # fmt: skip


def check_line(check: HealthCheck) -> str:
    """Say a check in a line."""
    told = f"{check.provider_name}/{check.model_id}: {check.outcome}, {check.latency_seconds:.2f} s"
    if check.error_class is not None:
        told += f", {check.error_class}: {check.message}"
    return told if check.switched is None else f"{told}; switched {check.switched}"


def policy_facts(policy: HealthPolicy) -> str:
    """Say in a line what a policy does."""
    switches = (
        f"switches off after {policy.failures_before_deactivation} failures in a row"
        if policy.deactivates
        else "switches nothing"
    )
    return f"checks each once in {policy.interval_seconds:g} s, {switches}"


def exit_code_of(checks: Iterable[HealthCheck]) -> ExitCode:
    """Return the code of the worst outcome."""
    outcomes = {str(check.outcome) for check in checks}
    return next((code for outcome, code in _CODES.items() if outcome in outcomes), ExitCode.OK)


def _moment(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _rate(measured: Measured) -> str:
    return "" if measured.success_rate is None else f"{measured.success_rate:.0%}"


def _seconds(measured: Measured, seconds: float) -> str:
    return f"{seconds:.3f}" if measured.latency.count else ""
