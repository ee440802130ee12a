"""The calls beside chats: bare text generated from bare text, vectors, counts of tokens.

The answers of generation, whole and streamed: recorded exchanges of 2024-03. Those of the others: the tests of IBM's
SDK for Java, read 2026-11-27.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.conversation import Conversation, Text, Turn
from core.llms.simulator.generation import generate_text
from core.llms.simulator.vectors import embed
from core.llms.simulator.watsonx.counting import load
from core.llms.simulator.watsonx.errors import empty_field, invalid_argument, invalid_document
from core.llms.simulator.watsonx.identity import disclaimer, set_to_default, timestamp
from core.llms.simulator.watsonx.rules import check_ranges, require_choice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.llms.simulator.exchange import Call
    from core.llms.simulator.generation import GeneratedText
    from core.llms.simulator.watsonx.models import Model

_RANGES = {
    "temperature": (0.0, 2.0),
    "top_p": (0.0, 1.0),
    "top_k": (1, 100),
    "random_seed": (1, None),
    "repetition_penalty": (1.0, 2.0),
    "min_new_tokens": (0, None),
    "max_new_tokens": (0, None),
    "time_limit": (1, None),
    "truncate_input_tokens": (0, None),
}
_DEFAULT_TOKENS = 20
_MOST_STOPS = 6
_MOST_INPUTS = 1_000
_STOPPED = {"stop": "eos_token", "length": "max_tokens"}


def generate(call: Call, body: dict[str, Any], model: Model) -> dict[str, Any]:
    """Text that continues a text. Raises: ApiError."""
    generated, reason, prompt = _generated(call, body, model)
    result = {
        "generated_text": generated.text,
        "generated_token_count": generated.token_count,
        "input_token_count": prompt,
        "stop_reason": reason,
    }
    return _frame(model, [result]) | _system(body, model)


def generate_stream(call: Call, body: dict[str, Any], model: Model) -> list[dict[str, Any]]:
    """The events of such a text: an empty one, then one for each piece, the last with the reason. Raises: ApiError."""
    generated, reason, prompt = _generated(call, body, model)
    return list(_stream(generated, reason, prompt, model, _system(body, model)))


def embed_texts(body: dict[str, Any], model: Model) -> dict[str, Any]:
    """One vector for each text. Raises: ApiError."""
    inputs = body.get("inputs")
    if not inputs:
        raise empty_field("inputs")
    if len(inputs) > _MOST_INPUTS:
        raise invalid_document(f"inputs should not have more than {_MOST_INPUTS} items")
    parameters = body.get("parameters") or {}
    kept = [_truncated(text, parameters.get("truncate_input_tokens"), model) for text in inputs]
    shown = (parameters.get("return_options") or {}).get("input_text", False)
    return {
        "model_id": model.name,
        "created_at": timestamp(),
        "results": [
            {"embedding": embed(text, model.dimensions)} | ({"input": {"text": given}} if shown else {})
            for given, text in zip(inputs, kept, strict=True)
        ],
        "input_token_count": sum(load().count(text) for text in kept),
    }


def tokenize(body: dict[str, Any], model: Model) -> dict[str, Any]:
    """The tokens of a text. Raises: ApiError."""
    if not body.get("input"):
        raise empty_field("input")
    pieces = load().split(body["input"])
    result: dict[str, Any] = {"token_count": load().count(body["input"])}
    if (body.get("parameters") or {}).get("return_tokens"):
        result["tokens"] = [piece.text for piece in pieces]
    return {"model_id": model.name, "result": result}


def _generated(call: Call, body: dict[str, Any], model: Model) -> tuple[GeneratedText, str, int]:
    if not body.get("input"):
        raise empty_field("input")
    parameters = body.get("parameters") or {}
    check_ranges(parameters, _RANGES, "parameters.")
    require_choice(parameters, "decoding_method", ("greedy", "sample"), "parameters.")
    stops = parameters.get("stop_sequences") or []
    if len(stops) > _MOST_STOPS:
        raise invalid_document(f"parameters.stop_sequences should not have more than {_MOST_STOPS} items")
    if parameters.get("min_new_tokens", 0) > parameters.get("max_new_tokens", _DEFAULT_TOKENS):
        raise invalid_document("parameters.min_new_tokens should not be greater than parameters.max_new_tokens")
    prompt = _truncated(body["input"], parameters.get("truncate_input_tokens") or None, model)
    answer = call.decide(Conversation((Turn("user", (Text(prompt),)),)), 0)
    most = min(parameters.get("max_new_tokens", _DEFAULT_TOKENS), model.output_limit)
    generated = generate_text(load(), answer.text, most, stops)
    stopped = generated.ended == "stop" and any(stop in answer.text for stop in stops)
    reason = answer.finish_reason or ("stop_sequence" if stopped else _STOPPED[generated.ended])
    return generated, reason, load().count(prompt)


def _stream(
    generated: GeneratedText, reason: str, prompt: int, model: Model, system: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    spoken = 0
    yield _frame(model, [_part("", 0, prompt, "not_finished")]) | system
    for piece in generated.pieces:
        spoken += piece.token_count
        yield _frame(model, [_part(piece.text, spoken, 0, "not_finished")])
    yield _frame(model, [_part("", generated.token_count, 0, reason)])


def _part(text: str, spoken: int, prompt: int, reason: str) -> dict[str, Any]:
    return {
        "generated_text": text,
        "generated_token_count": spoken,
        "input_token_count": prompt,
        "stop_reason": reason,
    }


def _frame(model: Model, results: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "model_id": model.name,
        "model_version": model.version,
        "created_at": timestamp(),
        "results": results,
    }


def _system(body: dict[str, Any], model: Model) -> dict[str, Any]:
    warnings = disclaimer(model)
    if "max_new_tokens" not in (body.get("parameters") or {}):
        warnings.append(set_to_default("max_new_tokens", _DEFAULT_TOKENS))
    return {"system": {"warnings": warnings}} if warnings else {}


def _truncated(text: str, most: int | None, model: Model) -> str:
    count = load().count(text)
    if most:
        return load().cut(text, most)[0]
    if count > model.context_window:
        problem = (
            f"the number of input tokens {count} cannot exceed the total tokens limit {model.context_window} "
            "for this model"
        )
        raise invalid_argument(model.name, problem)
    return text
