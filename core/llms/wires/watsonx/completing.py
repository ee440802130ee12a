"""What this vendor says beside a chat's answer: the model as `model_id`, and remarks of its own on the request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from core.llms.types.response import LLMResponse

# The licence of a model that is not IBM's own: with every answer, and no news to whoever chose the model.
_NOT_SAID: Final = frozenset({"disclaimer_warning"})


def complete_response(response: LLMResponse) -> LLMResponse:
    """Return the response with the model's name where only `model_id` has it, and the vendor's remarks as warnings."""
    raw = response.raw
    model = raw.get("model_id")
    return replace(
        response,
        model=response.model or (model if isinstance(model, str) else ""),
        warnings=(*response.warnings, *_read_remarks(raw)),
    )


def _read_remarks(raw: Mapping[str, Any]) -> Iterator[str]:
    system = raw.get("system")
    remarks = system.get("warnings") if isinstance(system, Mapping) else None
    for remark in remarks if isinstance(remarks, list) else ():
        if isinstance(remark, Mapping) and remark.get("id") not in _NOT_SAID and remark.get("message"):
            yield f"watsonx.ai says: {remark['message']}"
