"""Where our requests differ from the vendor's SDK on purpose: call, place in the request, reason.

Each reason is an entry of docs/wire-differences.md, word for word.
"""

from __future__ import annotations

from typing import Final

USAGE_OF_STREAMS: Final = (
    "A chat stream always asks for its usage, because a stream without usage has no cost. "
    '`provider_options={"stream_options": {"include_usage": False}}` turns it off.'
)
NO_STREAM_FALSE: Final = "The SDK's `parse` sends `stream: false`, which is the API's default; we leave it out."
FORM_DESCRIPTION: Final = (
    "The docstring of a `response_model` is sent as the form's description too, so that the model is told what the "
    "form is for; the SDK sends it inside the schema alone."
)
TOOL_FORM: Final = (
    "A pydantic model given as a tool is described like a function: its docstring once, as the tool's description, "
    "without titles, and not strict, because a strict tool makes every optional field required. For the strict form "
    "pass the SDK's own dict, or `Tool(…, strict=True)`."
)
AZURE_KEY: Final = (
    "On Azure a key goes into `api-key` on every route, as Azure documents it; the SDK sends it as a bearer token on "
    "the v1 route, where Azure takes both. An Entra ID token goes into `Authorization` in both."
)
INPUT_LIST: Final = "A plain string goes to the Responses API as a list of one user message, which means the same."
ENCRYPTED_REASONING: Final = (
    "A call of the Responses API that asks for reasoning, and does not store the answer, asks for the encrypted "
    "reasoning as well: without it `response.message` could not go back in the next turn."
)
NO_LOGPROBS_BACK: Final = (
    "The log probabilities of an answer's text do not go back with it: the API does not read them."
)
NO_CALL_STATUS_BACK: Final = "A tool call goes back without `status`, which the API fills in itself."
EMBEDDINGS_LIST: Final = "One text to embed is sent as a list of one, which means the same."
CONTENT_TYPE_OF_GET: Final = (
    "A request without a body has `Content-Type: application/json` all the same: the header belongs to the session."
)

_AZURE_KEY = {"headers.api-key": AZURE_KEY, "headers.authorization": AZURE_KEY}


def _tool_form(tool: str, strict: str) -> dict[str, str]:
    places = (
        "additionalProperties",
        "description",
        "title",
        "properties.city.title",
        "properties.unit.title",
    )
    return {strict: TOOL_FORM} | {f"{tool}.parameters.{place}": TOOL_FORM for place in places}


DIFFERENCES: Final[dict[str, dict[str, str]]] = {
    "chat: a stream": {"body.stream_options.include_usage": USAGE_OF_STREAMS},
    "chat: a pydantic model as tool": _tool_form("body.tools[0].function", "body.tools[0].function.strict"),
    "chat: a pydantic model as answer": {"body.stream": NO_STREAM_FALSE},
    "chat: a documented model with a default as answer": {
        "body.stream": NO_STREAM_FALSE,
        "body.response_format.json_schema.description": FORM_DESCRIPTION,
    },
    "azure v1: one message": _AZURE_KEY,
    "azure v1: a stream": {"body.stream_options.include_usage": USAGE_OF_STREAMS},
    "azure v1: a response": _AZURE_KEY,
    "azure dated: a pydantic model as answer": {"body.stream": NO_STREAM_FALSE},
    "responses: a plain string": {
        "body.input": INPUT_LIST,
        "body.input[0].content": INPUT_LIST,
        "body.input[0].role": INPUT_LIST,
    },
    "responses: effort and summary": {"body.include[0]": ENCRYPTED_REASONING},
    "responses: a pydantic model as tool": _tool_form("body.tools[0]", "body.tools[0].strict"),
    "responses: an answer goes back": {"body.input[1].content[0].logprobs": NO_LOGPROBS_BACK},
    "responses: reasoning and a tool's call go back": {"body.input[2].status": NO_CALL_STATUS_BACK},
    "responses: reasoning and an answer go back": {"body.input[2].content[0].logprobs": NO_LOGPROBS_BACK},
    "responses: a documented model with a default as answer": {"body.text.format.description": FORM_DESCRIPTION},
    "embeddings: one text": {"body.input": EMBEDDINGS_LIST, "body.input[0]": EMBEDDINGS_LIST},
    "models": {"headers.content-type": CONTENT_TYPE_OF_GET},
    "models on azure v1": {"headers.content-type": CONTENT_TYPE_OF_GET},
    "models on azure dated": {"headers.content-type": CONTENT_TYPE_OF_GET},
}
