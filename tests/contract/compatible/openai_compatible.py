"""Calls of a server of one's own, with OpenAI's SDK."""

from __future__ import annotations

from tests.contract.compatible.bodies import (
    FORM,
    LOOK,
    NAMED,
    OF_GET,
    OUR_FORM,
    OUR_TOOLS,
    SAMPLING,
    STREAMED,
    TOOLS,
    same,
)
from tests.contract.compatible.framework import Vendor, chat, models
from tests.contract.compatible.openai_sdk import create_v1_client

SERVER = Vendor("openai_compatible", "my-model", "/v1", create_v1_client)
PARAMETERS = {**SAMPLING, "max_tokens": 9, "seed": 7, "stop": "END", "n": 2}
CALLS = [
    *same(SERVER, stream=STREAMED),
    chat(SERVER, "parameters", PARAMETERS, PARAMETERS),
    chat(SERVER, "an effort", {"reasoning_effort": "low"}, {"reasoning_effort": "low"}),
    chat(SERVER, "a schema", {"response_format": FORM}, {"response_format": OUR_FORM}),
    chat(SERVER, "a tool by name", {"tools": TOOLS, "tool_choice": NAMED}, {"tools": OUR_TOOLS, "tool_choice": "look"}),
    chat(SERVER, "an image", {"messages": LOOK}, {"messages": LOOK}),
    models(SERVER, **OF_GET),
]
