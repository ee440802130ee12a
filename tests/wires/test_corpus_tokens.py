"""Token counts against the input tokens that OpenAI and Azure reported in recorded exchanges."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from core.llms.runtime.token_utils import count_chat_tokens
from core.llms.runtime.tokens.calibration import CALIBRATIONS, find_calibration
from core.llms.types.message_dicts import parse_messages
from core.llms.types.response import TokenCount
from core.llms.types.tools import ResponseFormat, ServerTool, Tool
from tests.wires.corpus import Exchange, exchange_params, load_exchanges, requires_corpus
from tests.wires.prompts import Prompt, read_prompt
from tests.wires.token_fit import measure, percentile, render_table

# A retired snapshot of gpt-35-turbo, which framed each message with 4 tokens.
_OTHER_FRAMING = frozenset({"azure/chat-completions-plain-1"})
# The largest difference that each kind of request has shown. Images and documents were taken out of the exchanges.
_LARGEST_DIFFERENCE = {"plain": 0, "tools": 1, "structured": 5, "vision": 2}


def _reported_tokens(exchange: Exchange) -> int | None:
    if not exchange.is_stream:
        return (exchange.body.get("usage") or {}).get("prompt_tokens")
    reported = None
    for line in exchange.body_bytes.split(b"\n"):
        if line.startswith(b"data: {"):
            usage = json.loads(line[6:]).get("usage") or {}
            reported = usage.get("prompt_tokens", reported)
    return reported


def _is_countable(exchange: Exchange) -> bool:
    return (
        exchange.status == 200
        and exchange.model.startswith(("gpt-", "o1", "o3", "o4"))
        and "document" not in exchange.features
        and not any(isinstance(tool, ServerTool) for tool in _tools(exchange.request_body))
        and _reported_tokens(exchange) is not None
    )


def _tools(body: Mapping[str, Any]) -> list[Tool | ServerTool]:
    tools: list[Tool | ServerTool] = []
    for definition in [*(body.get("tools") or ()), *({"function": item} for item in body.get("functions") or ())]:
        function = definition.get("function")
        if function is None:
            tools.append(ServerTool(definition))
        else:
            tools.append(Tool(function["name"], function.get("description"), function["parameters"]))
    return tools


def _response_format(body: Mapping[str, Any]) -> ResponseFormat | None:
    schema = (body.get("response_format") or {}).get("json_schema")
    if schema is None:
        return None
    return ResponseFormat("json_schema", schema["name"], schema["schema"], description=schema.get("description"))


def _count(exchange: Exchange) -> TokenCount:
    body = exchange.request_body
    return count_chat_tokens(
        parse_messages(body["messages"]),
        model_id=exchange.model,
        tools=_tools(body),
        response_format=_response_format(body),
    )


def _kind(exchange: Exchange, count: TokenCount) -> str:
    if count.image_tokens:
        return "vision"
    if _response_format(exchange.request_body):
        return "structured"
    return "tools" if count.tool_tokens else "plain"


def _countable_exchanges() -> list[Exchange]:
    exchanges = [*load_exchanges("openai", "chat_completions"), *load_exchanges("azure", "chat_completions")]
    return [exchange for exchange in exchanges if _is_countable(exchange) and exchange.name not in _OTHER_FRAMING]


@pytest.mark.parametrize("exchange", exchange_params(_countable_exchanges()))
def test_recorded_input_tokens_are_counted_within_the_bound(exchange: Exchange) -> None:
    count = _count(exchange)
    difference = abs(count.tokens - (_reported_tokens(exchange) or 0))
    kind = _kind(exchange, count)
    assert difference <= _LARGEST_DIFFERENCE[kind]
    assert difference == 0 or kind == "vision" or not count.exact


def _prompts_by_kind() -> dict[tuple[str, bool], list[Prompt]]:
    kinds: dict[tuple[str, bool], list[Prompt]] = defaultdict(list)
    for prompt in filter(None, map(read_prompt, load_exchanges())):
        calibration = find_calibration(prompt.model)
        if calibration is not None and calibration.names:
            kinds[calibration.family, bool(prompt.tools)].append(prompt)
    return kinds


@requires_corpus
def test_estimates_are_as_far_off_as_the_table_says() -> None:
    """The table's errors are of prompts that the figures were not fitted to; so these are no larger."""
    kinds = _prompts_by_kind()
    for calibration in CALIBRATIONS:
        for with_tools, stated in ((False, calibration.plain), (True, calibration.tooled)):
            prompts = kinds[calibration.family, with_tools]
            assert len(prompts) == stated.prompts, calibration.family
            errors = measure(prompts)
            assert round(100 * percentile(errors, 0.5)) <= stated.median, calibration.family
            assert round(100 * percentile(errors, 0.95)) <= stated.worst, calibration.family
    assert sum(map(len, kinds.values())) > 140


@requires_corpus
def test_prompts_of_gpt_oss_are_counted_as_exactly_as_the_note_says() -> None:
    prompts = [prompt for each in load_exchanges() if "gpt-oss" in each.model and (prompt := read_prompt(each))]
    differences = [
        abs(prompt.reported - count_chat_tokens(prompt.messages, model_id=prompt.model, tools=prompt.tools).tokens)
        for prompt in prompts
    ]
    assert (len(differences), differences.count(0), max(differences)) == (12, 7, 6)


def test_page_has_the_table_of_errors() -> None:
    page = Path(__file__).parents[2] / "docs" / "tokens-and-cost.md"
    assert render_table() in page.read_text(encoding="utf-8")
