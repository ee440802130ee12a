"""Mistakes in requests to Google, each with the words in which it is refused."""

from __future__ import annotations

from typing import Any

from core.llms.simulator.google.signatures import sign_thought
from tests.unit.simulator.google_calls import LOOK, blob, body, called, returned, said, user
from tests.unit.simulator.pictures import picture

FIELD = "* GenerateContentRequest."
PACKAGE = "type.googleapis.com/google.ai.generativelanguage.v1beta"
NOT_EQUAL = (
    "Please ensure that the number of function response parts is equal to the number of function call parts of the "
    "function call turn."
)
NAME_RULE = (
    "Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), "
    "underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 128."
)
MISSING = (
    "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, "
    "and missing thought_signature may lead to degraded model performance. Additional data, function call "
    "`default_api:look` , position 2. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for "
    "more details."
)


def set_to(**config: Any) -> dict[str, Any]:
    return body("Hi", generationConfig=config)


def tooled(*declarations: Any, **choice: Any) -> dict[str, Any]:
    request = body("Hi", tools=[{"functionDeclarations": list(declarations)}])
    return request | {"toolConfig": {"functionCallingConfig": choice}} if choice else request


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({}, f"{FIELD}contents: contents is not specified\n"),
    (body({"role": "user", "parts": []}), f"{FIELD}contents[0].parts: contents.parts must not be empty.\n"),
    (
        body(user({"thought": True})),
        f"{FIELD}contents[0].parts[0].data: required oneof field 'data' must have one initialized field\n",
    ),
    (
        body(user({"text": "a", "inlineData": {}})),
        "Invalid value at 'contents[0].parts[0]' (oneof), oneof field 'data' is already set. Cannot set 'inlineData'",
    ),
    (body(user("a") | {"role": "assistant"}), "Please use a valid role: user, model."),
    (body("Hi", foo=1), 'Invalid JSON payload received. Unknown name "foo": Cannot find field.'),
    (
        set_to(foo=1),
        "Invalid JSON payload received. Unknown name \"foo\" at 'generation_config': Cannot find field.",
    ),
    (
        set_to(temperature="hot", max_output_tokens=1.5),
        "Invalid value at 'generation_config.temperature' (TYPE_FLOAT), \"hot\"\n"
        "Invalid value at 'generation_config.max_output_tokens' (TYPE_INT32), 1.5",
    ),
    (
        set_to(temperature=[1]),
        "Invalid JSON payload received. Unknown name \"temperature\" at 'generation_config': "
        "Proto field is not repeating, cannot start list.",
    ),
    (
        body(user({"text": {"a": 1}})),
        "Invalid value at 'contents[0].parts[0].text' (TYPE_STRING), Starting an object on a scalar field",
    ),
    (body("Hi", generationConfig=3), f"Invalid value at 'generation_config' ({PACKAGE}.GenerationConfig), 3"),
    (
        body(user({"inlineData": {"mimeType": "image/png", "data": "!"}})),
        "Invalid value at 'contents[0].parts[0].inline_data.data' (TYPE_BYTES), Base64 decoding failed for \"!\"",
    ),
    (
        set_to(temperature=2.5),
        f"{FIELD}generation_config.temperature: temperature must be in the range [0.0, 2.0].\n",
    ),
    (set_to(topP=-1), f"{FIELD}generation_config.top_p: top_p must be in the range [0.0, 1.0].\n"),
    (set_to(topK=0), f"{FIELD}generation_config.top_k: top_k must be positive.\n"),
    (
        set_to(candidateCount=9),
        f"{FIELD}generation_config.candidate_count: candidate_count must be in the range [1, 8].\n",
    ),
    (
        set_to(stopSequences=list("abcdef")),
        f"{FIELD}generation_config.stop_sequences: the number of stop_sequences must not exceed 5.\n",
    ),
    (
        set_to(maxOutputTokens=0),
        f"{FIELD}generation_config.max_output_tokens: max_output_tokens must be positive.\n",
    ),
    (
        set_to(maxOutputTokens=65_537),
        "Unable to submit request because it has a maxOutputTokens value of 65537 but the supported range is from 1 "
        "(inclusive) to 65537 (exclusive). Update the value and try again.",
    ),
    (
        set_to(responseMimeType="text/html"),
        f"{FIELD}generation_config.response_mime_type: allowed mimetypes are `text/plain`, `application/json`, "
        "`application/xml`, `application/yaml` and `text/x.enum`.\n",
    ),
    (
        set_to(responseSchema={"type": "OBJECT"}),
        f"{FIELD}generation_config.response_schema: only allowed when response_mime_type is `application/json` or "
        "`text/x.enum`.\n",
    ),
    (set_to(logprobs=2), f"{FIELD}generation_config.logprobs: response_logprobs must be set when logprobs is set.\n"),
    (
        set_to(responseLogprobs=True, logprobs=21),
        f"{FIELD}generation_config.logprobs: logprobs must be in the range [0, 20].\n",
    ),
    (
        set_to(thinkingConfig={"thinkingBudget": 5, "thinkingLevel": "low"}),
        "You can only set only one of thinking budget and thinking level.",
    ),
    (
        set_to(thinkingConfig={"thinkingLevel": "XHIGH"}),
        "Thinking level XHIGH is not supported for this model. Please retry with other thinking level.",
    ),
    (
        set_to(thinkingConfig={"thinkingBudget": 0}),
        "Budget 0 is invalid. This model only works in thinking mode.",
    ),
    (tooled(LOOK, LOOK), "Duplicate function declaration found: look"),
    (tooled({"name": "a b"}), f"{FIELD}tools[0].function_declarations[0].name: {NAME_RULE}\n"),
    (
        tooled({"name": "a", "parameters": {"type": "STRING"}}),
        f"{FIELD}tools[0].function_declarations[0].parameters: schema should be of type OBJECT\n",
    ),
    (
        tooled({"name": "a", "parametersJsonSchema": {"type": "string"}}),
        f"{FIELD}tools[0].function_declarations[0].parameters_json_schema: schema should be of type object\n",
    ),
    (
        tooled(LOOK, allowedFunctionNames=["look"]),
        "Please set allowed_function_names only when function calling mode is ANY or VALIDATED.",
    ),
    (
        tooled(LOOK, mode="ANY", allowedFunctionNames=["b"]),
        "Function name b in allowed_function_names is not found in function_declarations.",
    ),
    (body("Look.", said(called())), NOT_EQUAL),
    (body("Look.", said(called(), called()), user(returned())), NOT_EQUAL),
    (body("Look.", said(called()), user(returned("other"))), NOT_EQUAL),
    (
        body("Look.", user(returned())),
        "Please ensure that function response turn comes immediately after a function call turn.",
    ),
    (
        body("Look.", said("Well."), said(called()), user(returned())),
        "Please ensure that function call turn comes immediately after a user turn or after a function response turn.",
    ),
    (body("Look.", said(called(signed=False)), user(returned())), MISSING),
    (
        body("Look.", said({"text": "a", "thoughtSignature": sign_thought("b")[:-4] + "AAAA"})),
        "Corrupted thought signature.",
    ),
    (body(user(returned(""))), f"{FIELD}contents[0].parts[0].function_response.name: Name cannot be empty.\n"),
    (body(user(blob(b"GIF89a", "image/gif"))), "Unsupported MIME type: image/gif"),
    (
        body(user(blob(b"no image"))),
        "Unable to process input image. Please retry or report in "
        "https://developers.generativeai.google/guide/troubleshooting",
    ),
    (body(user(blob(b"text", "application/pdf"))), "The document has no pages."),
    (
        body(user({"fileData": {"fileUri": "gs://bucket/x"}})),
        "Invalid or unsupported file uri: gs://bucket/x",
    ),
    (
        body("Hi", systemInstruction={"parts": [blob(picture(1, 1))]}),
        f"{FIELD}system_instruction.parts: only text is supported in system instructions\n",
    ),
]
