"""IBM watsonx.ai in the contract of every provider. What a key is exchanged for is as secret as the key."""

import json
from dataclasses import replace

from tests.contract.provider_rows import CANARY, ProviderRow
from tests.contract.wire_replies import CHAT, Replies


def _error(status: int, message: str) -> bytes:
    errors = [{"code": "some_error", "message": message, "more_info": "https://cloud.ibm.com/apidocs/watsonx-ai"}]
    return json.dumps({"errors": errors, "status_code": status}).encode()


def _result(text: str, written: int, read: int = 0, reason: str = "not_finished") -> dict[str, object]:
    counts = {"generated_token_count": written, "input_token_count": read}
    return {"results": [{"generated_text": text, **counts, "stop_reason": reason}]}


GENERATION = Replies(
    answer=json.dumps(_result("Hello", 5, 10, "eos_token")).encode(),
    call=b"",
    stream=tuple(
        b"event: message\ndata: " + json.dumps(piece).encode() + b"\n\n"
        for piece in (_result("", 0, 10), _result("Hel", 3), _result("lo", 4), _result("", 5, reason="eos_token"))
    ),
    error=_error,
    request_id_header="x-global-transaction-id",
    takes_turns=False,
)
ROW = ProviderRow(
    provider="watsonx",
    model="ibm/granite-4-h-small",
    replies={
        "chat": replace(
            CHAT,
            stream=CHAT.stream[:-1],
            proof_frames=2,
            error=_error,
            request_id_header="x-global-transaction-id",
        ),
        "generation": GENERATION,
    },
    key_variables=(
        "WATSONX_APIKEY",
        "WATSONX_API_KEY",
        "WATSONX_TOKEN",
        "WATSONX_ZENAPIKEY",
        "WATSONX_USERNAME WATSONX_PASSWORD",
    ),
    address_variable="WATSONX_URL",
    credentials={
        "token": lambda key: {"token": key},
        "api_key": lambda key: {"api_key": key},
        "zen_api_key": lambda key: {"zen_api_key": key},
        "key of a cluster": lambda key: {"username": "u", "api_key": key},
        "password of a cluster": lambda key: {"username": "u", "password": key},
    },
    settings={"project_id": "p-1"},
    addresses={"iam_url": "/identity/token"},
    beside={"/identity/token": json.dumps({"token": CANARY}).encode()},
)
