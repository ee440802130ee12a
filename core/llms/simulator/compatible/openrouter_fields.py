"""What the simulated OpenRouter takes. Fields: openrouter 1.3.84."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.llms.simulator.compatible.vocabulary import FILE, IMAGE_URL, ROLES, everything_but, messages
from core.llms.simulator.openai.fields import array, boolean, integer, nullable, one_of, record, schema_object, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.llms.simulator.openai.fields import Rule

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_MARK = {"cache_control": nullable(schema_object())}
_TEXT = record({"type": text(), "text": text(), **_MARK}, ("text",))
_IMAGE = record({"type": text(), "image_url": IMAGE_URL, **_MARK}, ("image_url",))
_PARTS: Mapping[str, Rule] = {"text": _TEXT, "image_url": _IMAGE, "file": FILE}
_NAMES = nullable(array(text()))
_PREFERENCES = record(
    {
        "order": _NAMES,
        "only": _NAMES,
        "ignore": _NAMES,
        "quantizations": _NAMES,
        "allow_fallbacks": nullable(boolean()),
        "require_parameters": nullable(boolean()),
        "zdr": nullable(boolean()),
        "data_collection": nullable(text(choices=("allow", "deny"))),
        "sort": nullable(one_of(text(), schema_object())),
        "max_price": nullable(schema_object()),
    }
)
FIELDS: Mapping[str, Rule] = {
    **everything_but("messages"),
    "messages": messages(
        _PARTS,
        assistant={
            "reasoning": nullable(text()),
            "reasoning_details": nullable(array(schema_object())),
            "refusal": nullable(text()),
            "annotations": nullable(array(schema_object())),
        },
        instructions={"text": _TEXT},
        spoken={"text": _TEXT},
        returned={"text": _TEXT},
        call={"index": nullable(integer())},
        roles=(*ROLES, "developer"),
    ),
    "models": nullable(array(text())),
    "provider": nullable(_PREFERENCES),
    "reasoning": nullable(
        record(
            {
                "effort": nullable(text(choices=EFFORTS)),
                "max_tokens": nullable(integer(1)),
                "summary": nullable(text(choices=("auto", "concise", "detailed"))),
                "exclude": nullable(boolean()),
                "enabled": nullable(boolean()),
            }
        )
    ),
    "reasoning_effort": nullable(text(choices=EFFORTS)),
    "plugins": nullable(array(schema_object())),
    "usage": nullable(schema_object()),
    "route": nullable(text()),
    "session_id": text(),
    "modalities": nullable(array(text())),
}
