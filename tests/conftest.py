"""What every test run shares: the ledger of skips, and the count of recorded exchanges that held."""

from __future__ import annotations

import gc
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from core.llms import notices

pytest_plugins = (
    "tests.support.catalog_cache",
    "tests.support.configurations",
    "tests.support.databases",
    "tests.support.redis_server",
)


@pytest.fixture(autouse=True)
def fresh_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said once a process is said in every test anew."""
    monkeypatch.setattr(notices, "_told", set())


@pytest.fixture(autouse=True, scope="session")
def no_refreshed_catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests know the packaged catalogue alone, whatever this machine has refreshed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CORE_LLMS_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


# A skip whose reason matches none of these fails the run.
ALLOWED_SKIPS = (
    r"CORE_LLMS_CORPUS is not set",
    r"OPENAI_API_KEY is not set",
    r"AZURE_OPENAI_\w+ is not set",
)
# How long an example takes says something of the machine, not of the code.
settings.register_profile("core-llms", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("core-llms")
CORPUS_FLOOR = Path(__file__).parent / "wires" / "corpus_floor.txt"
_EXCHANGE = re.compile(r"test_corpus_\w+\.py::.*\[(?:.*-)?([a-z_]+/[a-z0-9-]+)\]")


def _skip_reasons(reporter: pytest.TerminalReporter) -> Counter[str]:
    reasons: Counter[str] = Counter()
    for report in reporter.stats.get("skipped", []):
        text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[text.removeprefix("Skipped: ")] += 1
    return reasons


def _held_exchanges(reporter: pytest.TerminalReporter) -> set[str]:
    failed = {match[1] for report in reporter.stats.get("failed", []) if (match := _EXCHANGE.search(report.nodeid))}
    passed = {match[1] for report in reporter.stats.get("passed", []) if (match := _EXCHANGE.search(report.nodeid))}
    return passed - failed


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was imported stays to the end: looking for garbage in it would cost more than many of the tests."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    forbidden = [r for r in _skip_reasons(reporter) if not any(re.search(known, r) for known in ALLOWED_SKIPS)]
    too_few = _whole_run(session) and len(_held_exchanges(reporter)) < int(CORPUS_FLOOR.read_text())
    if (forbidden or too_few) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _whole_run(session: pytest.Session) -> bool:
    asked = [argument for argument in session.config.args if "::" in argument or "tests/" in argument]
    return "CORE_LLMS_CORPUS" in os.environ and not asked and not session.config.option.keyword


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = _skip_reasons(terminalreporter)
    terminalreporter.section("ledger of skips")
    for reason, count in sorted(reasons.items()):
        allowed = any(re.search(known, reason) for known in ALLOWED_SKIPS)
        terminalreporter.line(f"{count:4} {'allowed' if allowed else 'NOT ALLOWED'}: {reason}")
    if not reasons:
        terminalreporter.line("nothing was skipped")
    if "CORE_LLMS_CORPUS" in os.environ:
        held, floor = len(_held_exchanges(terminalreporter)), CORPUS_FLOOR.read_text().strip()
        terminalreporter.line(f"recorded exchanges that held: {held} (a whole run must reach {floor})")
