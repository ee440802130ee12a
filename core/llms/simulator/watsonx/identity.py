"""Identifiers and times of replies: the same for the same call of the same simulator, but for the clock."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.watsonx.models import Model

_TERMS = "https://dataplatform.cloud.ibm.com/docs/content/wsj/analyze-data/fm-models.html?context=wx"
_DISCLAIMER = (
    "This model is a Non-IBM Product governed by a third-party license that may impose use restrictions and other "
    "obligations. By using this model you agree to its terms as identified in the following URL."
)


def identifier(call: Call, purpose: str) -> str:
    """32 hexadecimal digits."""
    return hashlib.blake2b(f"{purpose}:{call.number}:".encode() + call.body, digest_size=16).hexdigest()


def trace_of(call: Call) -> str:
    """What the vendor traces a call by."""
    return identifier(call, "trace")


def created_now() -> dict[str, Any]:
    """The time as replies to chats have it, twice."""
    now = time.time()
    return {"created": int(now), "created_at": timestamp(now)}


def timestamp(seconds: float | None = None) -> str:
    """A time, or now, with milliseconds."""
    moment = datetime.fromtimestamp(time.time() if seconds is None else seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def disclaimer(model: Model) -> list[dict[str, Any]]:
    """The warning that comes with every model that is not IBM's."""
    if model.provider == "IBM":
        return []
    return [{"message": _DISCLAIMER, "id": "disclaimer_warning", "more_info": _TERMS}]


def set_to_default(parameter: str, value: int) -> dict[str, Any]:
    """The warning that a limit of tokens was not given."""
    return {
        "message": f"The value of '{parameter}' for this model was set to value {value}",
        "id": f"unspecified_{parameter}",
        "additional_properties": {"limit": 0, "new_value": value, "parameter": parameter, "value": 0},
    }
