"""The Responses wire refuses what OpenAI refuses, remembers what it stores, and seals its reasoning."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator.calls import RESPONSES, get, post, response_body
from tests.unit.simulator.pictures import data_url, picture

CALL = {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "call_1", "output": "done"}
TOOL = {"type": "function", "name": "f", "parameters": {"type": "object", "properties": {}}}
LOOSE = {"type": "object", "properties": {"a": {"type": "string"}}}
ENCRYPTED = ["reasoning.encrypted_content"]

REFUSED: list[tuple[dict[str, Any], str, str | None, str | None]] = [
    ({"foo": 1}, "Unknown parameter: 'foo'.", "foo", "unknown_parameter"),
    (
        {"messages": []},
        "Unsupported parameter: 'messages'. In the Responses API, this parameter has moved to 'input'. Try again "
        "with the new parameter. See the API documentation for more information: "
        "https://platform.openai.com/docs/api-reference/responses/create.",
        "messages",
        "unsupported_parameter",
    ),
    (
        {"max_output_tokens": 8},
        "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got 8 instead.",
        "max_output_tokens",
        "integer_below_min_value",
    ),
    (
        {"input": 3},
        "Invalid type for 'input': expected one of a string or array of objects, but got an integer instead.",
        "input",
        "invalid_type",
    ),
    (
        {"input": [{"role": "user"}]},
        "Missing required parameter: 'input[0].content'.",
        "input[0].content",
        "missing_required_parameter",
    ),
    (
        {"input": [{"role": "assistant", "content": [{"type": "input_text", "text": "a"}]}]},
        "Invalid value: 'input_text'. Supported values are: 'output_text' and 'refusal'.",
        "input[0].content[0]",
        "invalid_value",
    ),
    ({"input": [CALL]}, "No tool output found for function call call_1.", "input", None),
    (
        {"input": [OUTPUT]},
        "No tool call found for function call output with call_id call_1.",
        "input",
        None,
    ),
    (
        {"previous_response_id": "resp_none"},
        "Previous response with id 'resp_none' not found.",
        "previous_response_id",
        "previous_response_not_found",
    ),
    (
        {"previous_response_id": "nonsense"},
        "Invalid 'previous_response_id': 'nonsense'. Expected an ID that begins with 'resp'.",
        "previous_response_id",
        "invalid_value",
    ),
    (
        {"tools": [TOOL], "tool_choice": {"type": "function", "name": "g"}},
        "Invalid value for 'tool_choice': no function named 'g' was specified in the 'tools' parameter.",
        "tool_choice",
        None,
    ),
    (
        {"tool_choice": "required"},
        "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
        "tool_choice",
        None,
    ),
    (
        {"tools": [{"type": "code_interpreter", "container": {"type": "auto"}}]},
        "Invalid value at 'tools[0]': the simulator supports tools of type 'function' and 'web_search' only.",
        "tools[0]",
        "invalid_value",
    ),
    (
        {"tools": [TOOL | {"parameters": LOOSE, "strict": True}]},
        "Invalid schema for function 'f': In context=(), 'additionalProperties' is required to be supplied "
        "and to be false.",
        "tools[0].parameters",
        "invalid_function_parameters",
    ),
    (
        {"text": {"format": {"type": "json_schema", "name": "n", "schema": LOOSE, "strict": True}}},
        "Invalid schema for response_format 'n': In context=(), 'additionalProperties' is required to be supplied "
        "and to be false.",
        "text.format.schema",
        "invalid_json_schema",
    ),
    (
        {"text": {"format": {"type": "json_object"}}},
        "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.",
        "input",
        None,
    ),
    (
        {"reasoning": {"effort": "low"}},
        "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
        "reasoning.effort",
        "unsupported_parameter",
    ),
    ({"include": ENCRYPTED}, "Encrypted content is not supported with this model.", "include", None),
    (
        {"model": "gpt-5", "temperature": 0.2},
        "Unsupported parameter: 'temperature' is not supported with this model.",
        "temperature",
        None,
    ),
    (
        {"model": "gpt-5", "reasoning": {"effort": "xhigh"}},
        "Unsupported value: 'reasoning.effort' does not support 'xhigh' with this model. "
        "Supported values are: 'minimal', 'low', 'medium', and 'high'.",
        "reasoning.effort",
        "unsupported_value",
    ),
    (
        {"background": True},
        "Unsupported parameter: 'background' is not supported with this model.",
        "background",
        "unsupported_parameter",
    ),
    (
        {"stream_options": {"include_obfuscation": False}},
        "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
        "stream_options",
        None,
    ),
    (
        {
            "model": "o3-mini",
            "input": [{"role": "user", "content": [{"type": "input_image", "image_url": "https://a.b"}]}],
        },
        "Invalid value: 'input_image'. Model 'o3-mini' does not support image inputs.",
        "input[0].content[0]",
        "invalid_value",
    ),
    (
        {"model": "gpt-4", "input": "hello " * 8_200},
        "Your input exceeds the context window of this model. Please adjust your input and try again.",
        "input",
        "context_length_exceeded",
    ),
]


@pytest.mark.parametrize(
    ("fields", "message", "param", "code"), REFUSED, ids=[f"{index}" for index in range(len(REFUSED))]
)
async def test_responses_refuse_in_the_vendors_words(
    sim: Simulator, fields: dict[str, Any], message: str, param: str | None, code: str | None
) -> None:
    received = await post(sim, RESPONSES, response_body(**fields))
    assert received.error == {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    assert received.status == 400


async def test_a_request_without_input_is_refused(sim: Simulator) -> None:
    received = await post(sim, RESPONSES, {"model": "gpt-4.1-mini"})
    assert received.error["code"] == "missing_required_parameter"


async def test_truncation_auto_drops_the_oldest_turns(sim: Simulator) -> None:
    inputs = [{"role": "user", "content": "hello " * 8_200}, {"role": "user", "content": "Say: short"}]
    received = await post(sim, RESPONSES, {"model": "gpt-4", "input": inputs, "truncation": "auto"})
    assert received.json["output"][0]["content"][0]["text"] == "short"
    assert received.json["usage"]["input_tokens"] < 20


async def test_responses_are_kept_unless_store_is_off(sim: Simulator) -> None:
    kept = (await post(sim, RESPONSES, response_body())).json
    dropped = (await post(sim, RESPONSES, response_body(store=False))).json
    assert (await get(sim, f"{RESPONSES}/{kept['id']}")).json == kept
    missing = await get(sim, f"{RESPONSES}/{dropped['id']}")
    assert (missing.status, missing.error["message"]) == (404, f"Response with id '{dropped['id']}' not found.")


async def test_responses_of_another_key_are_not_found(sim: Simulator) -> None:
    kept = (await post(sim, RESPONSES, response_body())).json
    assert (await get(sim, f"{RESPONSES}/{kept['id']}", headers={"Authorization": "Bearer other"})).status == 404


async def test_items_can_be_given_by_reference(sim: Simulator) -> None:
    first = (await post(sim, RESPONSES, response_body("Say: apple"))).json
    inputs = [{"type": "item_reference", "id": first["output"][0]["id"]}, {"role": "user", "content": "Hello!"}]
    second = await post(sim, RESPONSES, response_body() | {"input": inputs})
    assert "This conversation has 2 messages." in second.json["output"][0]["content"][0]["text"]
    unknown = await post(sim, RESPONSES, response_body() | {"input": [{"type": "item_reference", "id": "msg_x"}]})
    assert unknown.status == 404
    assert unknown.error["message"].startswith("Item with id 'msg_x' not found.")


async def reasoned(sim: Simulator, **fields: Any) -> dict[str, Any]:
    body: dict[str, Any] = (await post(sim, RESPONSES, response_body("Say: hi", model="gpt-5", **fields))).json
    return body


async def test_encrypted_reasoning_is_accepted_back(sim: Simulator) -> None:
    first = await reasoned(sim, include=ENCRYPTED, store=False)
    assert first["output"][0]["encrypted_content"].startswith("gAAAAAB")
    inputs = [*first["output"], {"role": "user", "content": "Hello!"}]
    second = await post(sim, RESPONSES, {"model": "gpt-5", "input": inputs})
    assert second.status == 200


async def test_tampered_reasoning_is_refused(sim: Simulator) -> None:
    first = await reasoned(sim, include=ENCRYPTED, store=False)
    sealed = first["output"][0]["encrypted_content"]
    for spoiled in (sealed[:-6] + "AAAA" + sealed[-2:], "gAAAAABo", "nonsense", sealed + "!"):
        item = first["output"][0] | {"encrypted_content": spoiled}
        received = await post(sim, RESPONSES, {"model": "gpt-5", "input": [item, first["output"][1]]})
        assert received.error["code"] == "invalid_encrypted_content"
        assert received.error["message"].endswith("Reason: Encrypted content could not be decrypted or parsed.")


async def test_reasoning_that_was_not_stored_is_not_found(sim: Simulator) -> None:
    first = await reasoned(sim, store=False)
    received = await post(sim, RESPONSES, {"model": "gpt-5", "input": first["output"]})
    assert received.status == 404
    assert "Items are not persisted when `store` is set to false." in received.error["message"]


async def test_stored_reasoning_may_not_lose_what_belongs_to_it(sim: Simulator) -> None:
    first = await reasoned(sim)
    thought, said = first["output"]
    alone = await post(sim, RESPONSES, {"model": "gpt-5", "input": [said]})
    assert alone.error["message"].endswith(f"was provided without its required 'reasoning' item: '{thought['id']}'.")
    orphan = await post(sim, RESPONSES, {"model": "gpt-5", "input": [thought, {"role": "user", "content": "a"}]})
    assert orphan.error["message"].endswith("was provided without its required following item.")


async def test_limit_reached_while_thinking_leaves_no_message(sim: Simulator) -> None:
    body = await reasoned(sim, max_output_tokens=100)
    assert (body["status"], body["incomplete_details"]) == ("incomplete", {"reason": "max_output_tokens"})
    assert [item["type"] for item in body["output"]] == ["reasoning"]
    assert body["usage"]["output_tokens"] == body["usage"]["output_tokens_details"]["reasoning_tokens"] == 100


async def test_limit_reached_while_speaking_is_incomplete(sim: Simulator) -> None:
    fields: dict[str, Any] = {"max_output_tokens": 16, "stream": True}
    received = await post(sim, RESPONSES, response_body("Write 100 words", **fields))
    final = received.events[-1]
    assert final["type"] == "response.incomplete"
    assert final["response"]["output"][0]["status"] == "incomplete"
    assert final["response"]["usage"]["output_tokens"] == 16


async def test_images_by_reference_are_never_fetched(sim: Simulator) -> None:
    content = [{"type": "input_image", "image_url": "https://127.0.0.1:9/x.png"}]
    received = await post(sim, RESPONSES, response_body() | {"input": [{"role": "user", "content": content}]})
    text = received.json["output"][0]["content"][0]["text"]
    assert text == "Image 1 is at https://127.0.0.1:9/x.png, which the simulator never fetches."


async def test_broken_images_are_refused(sim: Simulator) -> None:
    cut = data_url(picture(40, 40, "red", "JPEG")[:200], "image/jpeg")
    content = [{"type": "input_image", "image_url": cut}]
    received = await post(sim, RESPONSES, response_body() | {"input": [{"role": "user", "content": content}]})
    assert received.error["code"] == "invalid_image_format"
