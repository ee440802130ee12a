"""What Perplexity says differently: sources and costs, on chat completions (Sonar) and on Responses (the Agent API)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar, Final

from core.llms.errors import ContextLengthExceededError, NotFoundError
from core.llms.providers.base.openai_family import OpenAIFamilyLLM
from core.llms.types.request import LLMRequest
from core.llms.types.usage import Usage
from core.llms.wires.base import Wire
from core.llms.wires.openai_chat import ChatDialect
from core.llms.wires.openai_chat.usage import parse_chat_usage
from core.llms.wires.openai_common import ErrorRules
from core.llms.wires.openai_responses import ResponsesDialect

_INPUT_TYPES: Final = frozenset({"message", "function_call", "function_call_output", "reasoning"})
_ERRORS: Final = ErrorRules(
    codes={"too_many_prompt_tokens": ContextLengthExceededError, "invalid_model": NotFoundError}
)


def _parse_usage(raw: Mapping[str, Any]) -> Usage:
    # Reasoning and the tokens of what was searched stand beside `prompt_tokens` and `completion_tokens`, in neither.
    usage = parse_chat_usage(raw)
    reasoning, found, searches = (
        count if isinstance(count := raw.get(name), int) else 0
        for name in ("reasoning_tokens", "citation_tokens", "num_search_queries")
    )
    return replace(
        usage,
        input_tokens=usage.input_tokens + found,
        output_tokens=usage.output_tokens + reasoning,
        reasoning_tokens=reasoning,
        server_tool_requests=searches,
    )


def _read_cost(usage: Mapping[str, Any]) -> Decimal | None:
    # While a stream runs, the cost is a row of zeros (perplexityai 0.46.1): that is no cost yet.
    cost = usage.get("cost")
    total = cost.get("total_cost") if isinstance(cost, Mapping) else None
    return Decimal(str(total)) if isinstance(total, int | float) and total > 0 else None


def _read_sources(body: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    results = body.get("search_results")
    if isinstance(results, list) and results:
        return [result for result in results if isinstance(result, Mapping)]
    urls = body.get("citations")
    return [{"url": url} for url in urls if isinstance(url, str)] if isinstance(urls, list) else []


def _render_for_agent(body: dict[str, Any], request: LLMRequest) -> list[str]:
    # The Agent API takes messages, calls and their results, and reasoning, and has the answer's form where chat
    # completions have it (perplexityai 0.46.1: InputItemInput, ResponsesRequestInput).
    form = body.get("text", {}).get("format")
    if form is not None:
        del body["text"]
        inner = {name: value for name, value in form.items() if name != "type"}
        body["response_format"] = {"type": form["type"], form["type"]: inner} if inner else form
    items = [item for item in body["input"] if item.get("type", "message") in _INPUT_TYPES]
    left_out = len(body["input"]) - len(items)
    body["input"] = [_render_message(item) if "role" in item else item for item in items]
    warnings = _strip_details(body["input"])
    if left_out:
        found = f"what Perplexity's own tools found was left out ({left_out} items)"
        warnings.append(f"{found}: its API does not take it back")
    return warnings


def _strip_details(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """Leave out how closely images are looked at, for which the API has no field (InputContentPartInput)."""
    contents = [item.get("content") for item in items]
    parts = [part for content in contents if isinstance(content, list) for part in content]
    details = [part.pop("detail", "auto") for part in parts if part.get("type") == "input_image"]
    return [f"an image's detail={detail!r} was left out: Perplexity has none" for detail in details if detail != "auto"]


def _render_message(item: Mapping[str, Any]) -> dict[str, Any]:
    content = item["content"]
    if item["role"] == "assistant" and isinstance(content, list):
        content = "".join(str(part.get("text") or part.get("refusal") or "") for part in content)
    return {"type": "message", "role": item["role"], "content": content}


class PerplexityBaseLLM(OpenAIFamilyLLM):
    """Works for most models of Perplexity; one that is not listed is called at the Agent API."""

    PROVIDER: ClassVar[str] = "perplexity"
    DISPLAY_NAME: ClassVar[str] = "Perplexity"
    CHAT_DIALECT: ClassVar[ChatDialect] = ChatDialect(
        max_tokens_field="max_tokens",
        developer_role="system",
        include_usage=False,
        requires_done=False,
        # Vectors come as signed bytes (`base64_int8`) without being asked for; there is no other form of numbers.
        encoding_format=None,
        vector_type="b",
        parse_usage=_parse_usage,
        reported_cost=_read_cost,
        read_sources=_read_sources,
        errors=_ERRORS,
    )
    RESPONSES_DIALECT: ClassVar[ResponsesDialect | None] = ResponsesDialect(
        origin="perplexity_responses",
        encrypted_reasoning="never",
        errors=_ERRORS,
        reported_cost=_read_cost,
        render_extra=_render_for_agent,
    )

    def _create_wire(self, name: str | None) -> Wire:
        return super()._create_wire(name or "responses")
