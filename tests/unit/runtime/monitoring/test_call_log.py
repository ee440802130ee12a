"""Log lines of calls, and the filter that masks secrets in them."""

from __future__ import annotations

import json
import logging

import pytest

from core.llms import CallLog, LLMContext, MaskSecrets, MonitoringMiddleware, ServerError
from tests.unit.runtime.monitoring.calls import COST, KEY, observed


async def test_a_line_has_the_facts_of_a_call_and_none_of_its_content(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "core.llms.calls"):
        async with observed(MonitoringMiddleware(CallLog()), alias="fast") as (llm, _):
            await llm.get_answer("A question that nobody else may read", LLMContext(user_id="u1", tags=["a"]))
            await llm.stream_answer("Hi").get_response()
    line, streamed = caplog.records
    assert line.getMessage().startswith("chat fast: ok in ")
    assert line.getMessage().endswith(f"10 + 5 tokens, ${COST}")
    facts = line.llm_call  # type: ignore[attr-defined]
    assert facts["cost_usd"] == COST
    assert (facts["user_id"], facts["tags"], facts["provider"], facts["model"]) == (
        "u1",
        ["a"],
        "openai",
        "gpt-4.1-mini",
    )
    assert "nobody else" not in json.dumps(facts)
    assert streamed.llm_call["first_event_seconds"] > 0  # type: ignore[attr-defined]


async def test_a_failure_is_a_warning_with_its_error_and_without_secrets(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "core.llms.calls"):
        async with observed(MonitoringMiddleware(CallLog())) as (llm, _):
            with pytest.raises(ServerError):
                await llm.get_answer("fail")
    (line,) = caplog.records
    assert line.levelno == logging.WARNING
    assert "ServerError" in line.getMessage()
    assert "3 attempts" in line.getMessage()
    assert line.llm_call["request_id"] == "req_7"  # type: ignore[attr-defined]
    assert "no, " in caplog.text
    assert "canary" not in caplog.text


def test_the_filter_masks_secrets_in_any_line(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("somebody.else")
    masking = MaskSecrets()
    logger.addFilter(masking)
    try:
        logger.warning("calling with %s and api_key=%s", KEY, "abcdef")
        try:
            raise RuntimeError(f"refused Bearer {KEY}")
        except RuntimeError:
            logger.exception("it failed")
    finally:
        logger.removeFilter(masking)
    assert "canary" not in caplog.text
    assert "abcdef" not in caplog.text
    assert "RuntimeError: refused" in caplog.text
