"""What is known of calls as they run: statistics, log lines, traces and metrics. Nothing here is on by default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.runtime.monitoring.call_log import CallLog as CallLog
from core.llms.runtime.monitoring.call_log import MaskSecrets as MaskSecrets
from core.llms.runtime.monitoring.call_record import CallObserver as CallObserver
from core.llms.runtime.monitoring.call_record import CallRecord as CallRecord
from core.llms.runtime.monitoring.histogram import Percentiles as Percentiles
from core.llms.runtime.monitoring.observing import MonitoringMiddleware as MonitoringMiddleware
from core.llms.runtime.monitoring.prometheus import serve_prometheus as serve_prometheus
from core.llms.runtime.monitoring.statistics import AliasStatistics as AliasStatistics
from core.llms.runtime.monitoring.statistics import CallStatistics as CallStatistics
from core.llms.runtime.monitoring.usage_recorder import UsageRecorder as UsageRecorder

if TYPE_CHECKING:
    from core.llms.runtime.monitoring.tracing import OpenTelemetryMiddleware as OpenTelemetryMiddleware


def __getattr__(name: str) -> Any:
    # OpenTelemetry is optional, and is loaded for those who ask for it.
    if name != "OpenTelemetryMiddleware":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from core.llms.runtime.monitoring import tracing

    return tracing.OpenTelemetryMiddleware
