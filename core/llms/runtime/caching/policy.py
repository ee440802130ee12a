"""Which requests are looked up, and which answers are worth keeping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.llms.types.parameters import PARAM_SEED, PARAM_TEMPERATURE
from core.llms.types.request import LLMRequest
from core.llms.types.response import Choice, LLMResponse
from core.llms.types.tools import ServerTool


@dataclass(frozen=True, slots=True)
class CachePolicy:
    """What is kept besides whole answers that ended by themselves. Errors never are, nor turns that the vendor paused.

    `tool_calls`: answers that call tools. `server_tools`: those with tools that the vendor runs, such as a web search,
    whose result is another tomorrow. `truncated`: those cut at `max_tokens`. `filtered`: those that the vendor's filter
    stopped or the model refused. `sampled=False` leaves out requests whose answer is drawn by lot: a temperature other
    than 0, or none given, and no seed.
    """

    tool_calls: bool = False
    server_tools: bool = False
    truncated: bool = False
    filtered: bool = False
    sampled: bool = True

    def takes(self, request: LLMRequest) -> bool:
        """Whether a request is looked up at all."""
        if not self.server_tools and request.tools and any(isinstance(tool, ServerTool) for tool in request.tools):
            return False
        params = request.params
        return self.sampled or params.get(PARAM_TEMPERATURE) == 0 or params.get(PARAM_SEED) is not None

    def keeps(self, response: LLMResponse, options: Mapping[str, Any] | None = None) -> bool:
        """Whether an answer is kept, and given to who asks again. It has to fit a `response_model` in the options."""
        if response.usage.server_tool_requests and not self.server_tools:
            return False
        response_model = None if options is None else options.get("response_model")
        if response_model is not None:
            return self._keeps_structured(response, response_model)
        for choice in response.choices:  # noqa: SIM110 - `all` costs a generator on the hot path
            if not self._keeps_choice(choice):
                return False
        return True

    def _keeps_structured(self, response: LLMResponse, response_model: Any) -> bool:
        from core.llms.runtime.structured_output import output_model_for

        output = output_model_for(response_model)
        carrier = next((call for call in response.tool_calls if call.name == output.tool.name), None)
        if carrier is None and response.tool_calls:
            return self._keeps_choice(response.choices[0])
        if carrier is None and not self._keeps_choice(response.choices[0]):
            return False
        try:
            if carrier is None:
                output.parse(response.text)
            elif carrier.arguments_error is not None:
                return False
            else:
                output.parse_arguments(carrier.arguments)
        except ValueError:
            return False
        return carrier is None or len(response.tool_calls) == 1 or self.tool_calls

    def _keeps_choice(self, choice: Choice) -> bool:
        message = choice.message
        has_parts = type(message.content) is not str
        if has_parts and message.tool_calls:
            return self.tool_calls and choice.finish_reason.unified in ("tool_calls", "stop")
        match choice.finish_reason.unified:
            case "stop":
                return self.filtered or not has_parts or message.refusal is None
            case "length":
                return self.truncated
            case "content_filter" | "refusal":
                return self.filtered
        return False
