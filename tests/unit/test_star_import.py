"""`from core.llms import *` where no extra is installed."""

from __future__ import annotations

import sys
from typing import Any

import pytest


def test_everything_can_be_imported_without_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    monkeypatch.delitem(sys.modules, "core.llms.runtime.monitoring.tracing", raising=False)
    names: dict[str, Any] = {}
    exec("from core.llms import *", names)

    assert {"BudgetsMiddleware", "CallLog", "ModelHandler"} <= names.keys()
    assert "OpenTelemetryMiddleware" not in names
