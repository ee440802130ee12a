"""A guardrail that blocks one word, in what is asked and in what is answered, and its trace.

Form of the trace: a recorded exchange of 2026. What guardrails of real accounts look for, none of them knows here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.bedrock.errors import ApiError

if TYPE_CHECKING:
    from core.llms.simulator.conversation import Conversation

GUARDRAIL_TRIGGER = "[[guardrail]]"
BLOCKED = "Sorry, the model cannot answer this question."
_ACCOUNT = "123456789012"
_POLICIES = (
    "automatedReasoningPolicies",
    "automatedReasoningPolicyUnits",
    "contentPolicyImageUnits",
    "contentPolicyUnits",
    "contextualGroundingPolicyUnits",
    "sensitiveInformationPolicyFreeUnits",
    "sensitiveInformationPolicyUnits",
    "topicPolicyUnits",
    "wordPolicyUnits",
)
_PROCESSING_MILLISECONDS = 114
_CHARACTERS_PER_UNIT = 1000


def check_guardrail(config: dict[str, Any] | None) -> None:
    """Check that a guardrail is named whole and exists: those that begin with `invalid` do not. Raises: ApiError."""
    if config is None:
        return
    identifier, version = config.get("guardrailIdentifier", ""), config.get("guardrailVersion", "")
    if bool(identifier) != bool(version):
        raise ApiError("The guardrailIdentifier and guardrailVersion fields must be provided together.")
    if _name(identifier).startswith("invalid"):
        raise ApiError("The guardrail identifier or version provided in the request does not exist.")


def blocks(config: dict[str, Any] | None, text: str) -> bool:
    """Whether the guardrail of a request steps in."""
    return bool(config and config.get("guardrailIdentifier")) and GUARDRAIL_TRIGGER in text


def guarded_text(body: dict[str, Any], conversation: Conversation) -> str:
    """What is looked at of a request: what is marked for it, else all that was said."""
    marked = [
        block["guardContent"]["text"]["text"]
        for holder in (*body["messages"], {"content": body.get("system", [])})
        for block in holder["content"]
        if "text" in block.get("guardContent", {})
    ]
    return "\n".join(marked or conversation.texts(["system", "user", "assistant", "tool"]))


def trace(config: dict[str, Any], text: str, region: str, *, output: bool) -> dict[str, Any] | None:
    """What the guardrail found; None unless it was asked for."""
    if config.get("trace", "disabled") == "disabled":
        return None
    name = _name(config["guardrailIdentifier"])
    found = _assessment(name, config["guardrailVersion"], text, region)
    place = {"outputAssessments": {name: [found]}} if output else {"inputAssessment": {name: found}}
    return {"guardrail": {"actionReason": "Guardrail blocked.", **place}}


def _assessment(name: str, version: str, text: str, region: str) -> dict[str, Any]:
    units = dict.fromkeys(_POLICIES, 0) | {"wordPolicyUnits": 1 + len(text) // _CHARACTERS_PER_UNIT}
    return {
        "appliedGuardrailDetails": {
            "guardrailArn": f"arn:aws:bedrock:{region}:{_ACCOUNT}:guardrail/{name}",
            "guardrailId": name,
            "guardrailOrigin": ["REQUEST"],
            "guardrailOwnership": "SELF",
            "guardrailVersion": version,
        },
        "invocationMetrics": {
            "guardrailCoverage": {"textCharacters": {"guarded": len(text), "total": len(text)}},
            "guardrailProcessingLatency": _PROCESSING_MILLISECONDS,
            "usage": units,
        },
        "wordPolicy": {"customWords": [{"action": "BLOCKED", "detected": True, "match": GUARDRAIL_TRIGGER}]},
    }


def _name(identifier: str) -> str:
    return identifier.rpartition("/")[2]
