"""Rules between the fields of a chat request that all vendors have, and what a model thinks before it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.generation import generate_text
from core.llms.simulator.openai.chat_choices import Thought
from core.llms.simulator.openai.chat_messages import check_message_order
from core.llms.simulator.openai.chat_rules import check_format_schema, chosen_names
from core.llms.simulator.openai.errors import ApiError, missing_parameter, unsupported_parameter
from core.llms.simulator.openai.tools import check_functions, check_tool_choice

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.llms.simulator.compatible.dialect import Dialect
    from core.llms.simulator.compatible.models import HostedModel
    from core.llms.simulator.conversation import Answer
    from core.llms.simulator.openai.models import Model
    from core.llms.simulator.tokens import Tokenizer


def check_chat(dialect: Dialect, body: dict[str, Any], model: HostedModel) -> None:
    """Check a request in OpenAI's form, whose shape is good. Raises: ApiError."""
    if model.kind != "chat":
        raise ApiError(f"The model `{model.name}` does not support chat completions", param="model")
    check_message_order(body["messages"])
    tools = body.get("tools") or []
    functions = [(f"tools[{index}].function", tool["function"]) for index, tool in enumerate(tools)]
    if dialect.asking.strict_schemas:
        check_functions(functions)
    choice = body.get("tool_choice")
    names = [function["name"] for _, function in functions]
    check_tool_choice(None if choice in ("none", "auto") else choice, names, chosen_names(body))
    if tools and not model.tools:
        raise ApiError("`tool calling` is not supported with this model", param="tools")
    _check_format(dialect, body, model)
    if body.get("top_logprobs") is not None and not body.get("logprobs"):
        raise ApiError("`top_logprobs` needs `logprobs`", param="top_logprobs")


def _check_format(dialect: Dialect, body: dict[str, Any], model: HostedModel) -> None:
    form = body.get("response_format")
    if form is None or form["type"] != "json_schema":
        return
    if not model.json_schema:
        message = "This model does not support response format `json_schema`."
        raise ApiError(message, param="response_format")
    schema = form["json_schema"]
    if dialect.asking.strict_schemas:
        if "name" not in schema:
            raise missing_parameter("response_format.json_schema.name")
        check_format_schema(schema, "response_format.json_schema.schema")


def check_effort(body: dict[str, Any], model: HostedModel, path: str = "reasoning_effort") -> None:
    """Check that the model thinks as hard as it is asked to. Raises: ApiError."""
    effort = body.get("reasoning_effort")
    if effort is None or effort in model.efforts:
        return
    if not model.efforts:
        raise unsupported_parameter(path)
    known = ", ".join(f"`{name}`" for name in model.efforts)
    raise ApiError(f"`{path}` must be one of {known}", param=path, code="invalid_value")


def room_check(dialect: Dialect) -> Callable[[Model, int, int | None, int], None]:
    """Checks that the prompt and the answer fit the window, and says in the vendor's words when they do not."""

    def check(model: Model, count: int, wanted: int | None, tool_count: int) -> None:
        if count + (wanted or 0) <= model.context_window:
            return
        raise dialect.errors.too_long.error(model=model.name, limit=model.context_window, count=count + (wanted or 0))

    return check


def thinker(dialect: Dialect) -> Callable[[dict[str, Any], Model, Answer, Tokenizer, int | None], Thought]:
    """What a model thinks where its thoughts are shown, or at least counted, as they are."""

    def think(body: dict[str, Any], model: Model, answer: Answer, tokenizer: Tokenizer, limit: int | None) -> Thought:
        effort = dialect.asking.effort(body, model)  # type: ignore[arg-type]  # every model of a dialect is hosted
        if effort in (None, "none") or not answer.reasoning_summary:
            return Thought(0)
        generated = generate_text(tokenizer, answer.reasoning_summary, limit)
        return Thought(generated.token_count, generated)

    return think
