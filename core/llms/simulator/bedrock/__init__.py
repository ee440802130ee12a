"""The simulated Amazon Bedrock: its runtime and its control plane, both below `/bedrock`. Only the entry is here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.llms.simulator.bedrock.auth import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY, require_caller
from core.llms.simulator.bedrock.endpoints import Endpoints, path_of, reply_headers
from core.llms.simulator.bedrock.errors import ApiError, error_for_status, error_for_stream
from core.llms.simulator.bedrock.frames import encode_exception
from core.llms.simulator.exchange import HttpReply, json_bytes

if TYPE_CHECKING:
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.faults import Fault
    from core.llms.simulator.rate_limits import RateLimits

__all__ = ["BedrockVendor"]


class BedrockVendor:
    """Bedrock's room. `keys` are the accepted API keys and secret access keys; see `require_caller` for None."""

    prefix = "/bedrock"
    provider = "bedrock"
    base_path = "/bedrock"

    def __init__(self, keys: frozenset[str] | None, rate_limits: RateLimits) -> None:
        self._keys = keys
        self._endpoints = Endpoints(rate_limits)

    def reply(self, call: Call) -> HttpReply:
        """Answer a call, or refuse it with Bedrock's own error."""
        try:
            caller = require_caller(call, self._keys)
            return self._endpoints.run(call, caller, path_of(call, self.prefix))
        except ApiError as error:
            return _refusal(call, error)

    def fail(self, call: Call, fault: Fault) -> HttpReply:
        """Bedrock's error reply for a status."""
        assert fault.status is not None
        error = error_for_status(fault.status, fault.code, fault.message)
        raw = fault.raw_body()
        if raw is not None:
            return HttpReply(fault.status, reply_headers(call), raw)
        return _refusal(call, error)

    def stream_error(self, call: Call, fault: Fault) -> bytes:
        """The exception with which a stream reports that it failed."""
        error = error_for_stream(fault.code, fault.message)
        return encode_exception(error.name[:1].lower() + error.name[1:], error.body())

    def environment(self, url: str) -> dict[str, str]:
        """Environment variables for Amazon's SDKs and tools."""
        return {
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY if self._keys is None else sorted(self._keys)[0],
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL_BEDROCK": f"{url}{self.prefix}",
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": f"{url}{self.prefix}",
        }


def _refusal(call: Call, error: ApiError) -> HttpReply:
    return HttpReply(error.status, reply_headers(call) | error.headers, json_bytes(error.body()))
