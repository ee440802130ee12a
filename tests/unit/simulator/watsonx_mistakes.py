"""Mistakes in requests to watsonx.ai, each with the code and the words in which it is refused."""

from __future__ import annotations

from typing import Any

from tests.unit.simulator.pictures import data_url, picture
from tests.unit.simulator.watsonx_calls import CALL, LOOK, chat

ENTITY = "invalid_request_entity"
DOCUMENT = "json_validation_error"
ARGUMENT = "invalid_input_argument"
TYPE = "json_type_error"
_IMAGE = {"type": "image_url", "image_url": {"url": data_url(picture(2, 2))}}


def invalid(problem: str) -> tuple[str, str]:
    return DOCUMENT, f"Json document validation error: {problem}"


def missing(path: str) -> tuple[str, str]:
    return ENTITY, f"The Json field '{path}' is required but was not provided in the request body."


def mistyped(path: str, kind: str) -> tuple[str, str]:
    return TYPE, f"Json field type error: {path} must be of type {kind}"


def argument(model: str, problem: str) -> tuple[str, str]:
    return ARGUMENT, f"Invalid input argument for Model '{model}': {problem}"


def both(name: str, other: str) -> tuple[str, str]:
    return invalid(f"only one of '{name}' and '{other}' can be specified in the request body")


def tool(**function: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": "look", **function}}


ORPHAN = {"role": "tool", "tool_call_id": "x", "content": "seen"}
REFUSED: list[tuple[dict[str, Any], tuple[str, str]]] = [
    (chat("Hi", project_id=None), (ENTITY, "Missing either space_id or project_id or wml_instance_crn")),
    (chat("Hi", project_id="p"), invalid("project_id should be a version 4 uuid")),
    (chat("Hi", space_id="s"), both("project_id", "space_id")),
    (chat("Hi", model_id=None), invalid("'model_id' cannot be missing or empty in the request body")),
    (chat(), invalid("'messages' cannot be missing or empty in the request body")),
    (
        chat("Hi", response_format="json"),
        mistyped("response_format", "schemas.TextChatPropertyResponseFormat"),
    ),
    (chat("Hi", temperature="hot"), mistyped("temperature", "float64")),
    (chat("Hi", stop="END"), mistyped("stop", "[]string")),
    (chat("Hi", response_format={}), missing("response_format.type")),
    (chat("Hi", temperature=3), invalid("temperature should not be greater than 2.0")),
    (chat("Hi", max_tokens=-1), invalid("max_tokens should not be less than 0")),
    (chat("Hi", reasoning_effort="great"), invalid("reasoning_effort must be one of 'low', 'medium', 'high'")),
    (chat("Hi", stop=["a"] * 5), invalid("stop should not have more than 4 items")),
    (chat("Hi", top_logprobs=1), invalid("'logprobs' must be true when 'top_logprobs' is specified")),
    (chat("Hi", guided_regex="a", guided_json={}), both("guided_regex", "guided_json")),
    (
        chat({"role": "boss", "content": "Hi"}),
        invalid("messages[0].role must be one of 'system', 'user', 'assistant', 'tool'"),
    ),
    (chat({"role": "user"}), missing("messages[0].content")),
    (chat({"role": "user", "content": [{"type": "text"}]}), missing("messages[0].content[0].text")),
    (
        chat({"role": "user", "content": [{"type": "video"}]}),
        invalid("messages[0].content[0].type must be one of 'text', 'image_url'"),
    ),
    (
        chat("Hi", {"role": "assistant", "tool_calls": [CALL | {"function": {"name": "look"}}]}),
        missing("messages[1].tool_calls[0].function.arguments"),
    ),
    (chat("Hi", ORPHAN), invalid("messages[1].tool_call_id does not match the id of any tool call before it")),
    (chat("Hi", {"role": "tool", "content": "seen"}), missing("messages[1].tool_call_id")),
    (
        chat({"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:text/plain,a"}}]}),
        argument("mistralai/mistral-medium-2505", "The URL must be either a HTTP, data or file URL."),
    ),
    (
        chat({"role": "user", "content": [_IMAGE, _IMAGE]}, model_id="meta-llama/llama-3-2-11b-vision-instruct"),
        argument("meta-llama/llama-3-2-11b-vision-instruct", "At most 1 image(s) may be provided in one request."),
    ),
    (
        chat("Hi", tools=[LOOK], model_id="ibm/granite-guardian-3-3-8b"),
        argument(
            "ibm/granite-guardian-3-3-8b",
            '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
        ),
    ),
    (
        chat("Hi", tools=[tool(parameters={"properties": {"a": {"type": "float"}}})]),
        invalid(
            "tools[0].function.parameters: at '/properties/a/type': value must be one of 'array', 'boolean', "
            "'integer', 'null', 'number', 'object', 'string'"
        ),
    ),
    (
        chat("Hi", tools=[tool(name="a b")]),
        invalid("tools[0].function.name must match the pattern '^[A-Za-z0-9_.-]{1,64}$'"),
    ),
    (
        chat("Hi", tools=[LOOK], tool_choice_option="any"),
        invalid("tool_choice_option must be one of 'none', 'auto', 'required'"),
    ),
    (
        chat("Hi", tool_choice_option="required"),
        invalid("'tools' must be specified when 'tool_choice_option' is specified"),
    ),
    (
        chat("Hi", tools=[LOOK], tool_choice={"type": "function", "function": {"name": "x"}}),
        invalid("tool_choice.function.name must be the name of one of the tools"),
    ),
    (
        chat(
            "Hi",
            tools=[LOOK],
            tool_choice={"type": "function", "function": {"name": "look"}},
            tool_choice_option="auto",
        ),
        both("tool_choice", "tool_choice_option"),
    ),
    (
        chat("Hi", model_id="ibm/granite-3-3-8b-instruct", max_tokens=131_072),
        argument(
            "ibm/granite-3-3-8b-instruct",
            "'max_tokens' or 'max_completion_tokens' is too large: 131072. This model's maximum context length is "
            "131072 tokens and your request has 5 input tokens",
        ),
    ),
    (
        chat("word " * 9000, model_id="ibm/granite-vision-3-2-2b"),
        argument(
            "ibm/granite-vision-3-2-2b",
            "the number of input tokens 9005 cannot exceed the total tokens limit 8192 for this model",
        ),
    ),
]
