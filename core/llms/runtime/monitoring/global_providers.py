"""Whether OpenTelemetry's providers record anything. Asked twice a call, so that it must cost next to nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any, Final

from opentelemetry import metrics, trace
from opentelemetry.metrics import _internal as metrics_module

_ABSENT: Final = object()


def records_spans(given: trace.TracerProvider | None) -> bool:
    """Tell whether spans of this provider, or else of the global one, go anywhere."""
    return _records(given, trace, "_TRACER_PROVIDER", trace.get_tracer_provider)


def records_metrics(given: metrics.MeterProvider | None) -> bool:
    """Tell whether measurements of this provider, or else of the global one, go anywhere."""
    return _records(given, metrics_module, "_METER_PROVIDER", metrics.get_meter_provider)


def _records(given: Any, module: ModuleType, name: str, find: Callable[[], Any]) -> bool:
    # While none is set, the public function looks into the environment each time, for 2 µs. A tracer and a meter were
    # asked for before, so that what the environment names is set by now.
    if given is None and getattr(module, name, _ABSENT) is None:
        return False
    provider: type = type(given or find())
    return _goes_anywhere(provider)


@cache
def _goes_anywhere(provider: type) -> bool:
    """Tell whether what a provider of this class gives goes anywhere: the API's own stand in until one is set."""
    return provider.__module__.split(".")[:2] not in (["opentelemetry", "trace"], ["opentelemetry", "metrics"])
