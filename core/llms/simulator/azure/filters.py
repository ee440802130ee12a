"""What Azure adds to OpenAI's bodies: the findings of its content filter, and its own order of keys.

Recorded exchanges with Azure OpenAI, 2026-03 to 2026-08.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.llms.simulator.openai.chat import Completion

TRIGGER = b"[[content_filter]]"
_SAFE = {"filtered": False, "severity": "safe"}
_NOT_DETECTED = {"detected": False, "filtered": False}
_PROMPT_FINDINGS = {
    "hate": _SAFE,
    "jailbreak": _NOT_DETECTED,
    "self_harm": _SAFE,
    "sexual": _SAFE,
    "violence": _SAFE,
}
_ANSWER_FINDINGS = {
    "hate": _SAFE,
    "protected_material_code": _NOT_DETECTED,
    "protected_material_text": _NOT_DETECTED,
    "self_harm": _SAFE,
    "sexual": _SAFE,
    "violence": _SAFE,
}
_LATENCIES = {
    "engine_tbt_ms": 1,
    "engine_ttft_ms": 2,
    "engine_ttlt_ms": 10,
    "pre_inference_ms": 1,
    "service_tbt_ms": 1,
    "service_ttft_ms": 4,
    "service_ttlt_ms": 12,
    "total_duration_ms": 12,
    "user_visible_ttft_ms": 4,
}
_PROMPT_RESULTS = [{"prompt_index": 0, "content_filter_results": _PROMPT_FINDINGS}]


def filtered_completion(completion: Completion) -> dict[str, Any]:
    """The body of an unstreamed chat reply."""
    body = completion.to_json()
    choices = [_filtered_choice(choice, choice["message"].get("content")) for choice in body["choices"]]
    usage = _sorted(body["usage"] | {"latency_checkpoint": _LATENCIES})
    return _sorted(body | {"choices": choices, "prompt_filter_results": _PROMPT_RESULTS, "usage": usage})


def filtered_chunks(chunks: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The chunks of a streamed chat reply, after a first one about the prompt."""
    yield {
        "choices": [],
        "created": 0,
        "id": "",
        "model": "",
        "object": "",
        "prompt_filter_results": _PROMPT_RESULTS,
    }
    for chunk in chunks:
        choices = [_filtered_choice(choice, choice["delta"].get("content")) for choice in chunk["choices"]]
        timed = {"latency_checkpoint": _LATENCIES} if chunk.get("usage") else {}
        yield _sorted(chunk | {"choices": choices} | timed)


def filtered_response(body: dict[str, Any], deployment: str) -> dict[str, Any]:
    """The body of a Responses reply, finished or not; its `model` is the deployment."""
    findings = None
    if body["status"] != "in_progress":
        offsets = {"start_offset": 0, "end_offset": len(str(body["output"])), "check_offset": 0}
        findings = [
            {
                "blocked": False,
                "source_type": "completion",
                "content_filter_raw": [],
                "content_filter_results": _ANSWER_FINDINGS,
                "content_filter_offsets": offsets,
            }
        ]
    without_billing = {name: value for name, value in body.items() if name != "billing"}
    return without_billing | {"content_filters": findings, "model": deployment}


def filtered_events(events: Iterator[dict[str, Any]], deployment: str) -> Iterator[dict[str, Any]]:
    """The events of a streamed Responses reply."""
    for event in events:
        if "response" in event:
            event = event | {"response": filtered_response(event["response"], deployment)}
        yield event


def _filtered_choice(choice: dict[str, Any], content: str | None) -> dict[str, Any]:
    return _sorted({"logprobs": None} | choice | {"content_filter_results": _ANSWER_FINDINGS if content else {}})


def _sorted(body: dict[str, Any]) -> dict[str, Any]:
    return dict(sorted(body.items()))
