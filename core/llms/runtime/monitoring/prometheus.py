"""Prometheus: the same metrics, at an address that it reads."""

from __future__ import annotations

from typing import Any

from core.llms.errors import ConfigurationError


def serve_prometheus(port: int = 9464, host: str = "127.0.0.1") -> Any:
    """Serve metrics at `http://host:port/metrics` and return the meter provider for `OpenTelemetryMiddleware`.

    `port=0` opens no port: mount `prometheus_client.make_asgi_app()` where you serve. `provider.shutdown()` ends the
    metrics; the server's thread ends with the process. Raises `ConfigurationError` where the extra is not installed,
    and OSError where the port is taken.
    """
    try:
        from opentelemetry.exporter.prometheus import PrometheusMetricReader
        from opentelemetry.sdk.metrics import MeterProvider
        from prometheus_client import start_http_server
    except ImportError as error:
        raise ConfigurationError(
            "Prometheus needs the extra `prometheus`: pip install 'core-llms[prometheus]'"
        ) from error
    provider = MeterProvider(metric_readers=[PrometheusMetricReader()])
    if port:
        start_http_server(port, host)
    return provider
