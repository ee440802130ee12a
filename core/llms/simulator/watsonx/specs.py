"""The list of models: what each can do and until when, filtered and in pages. No token is asked for.

Form: the list that IBM's SDK for Java is tested with, read 2026-11-27. Filters: ibm-watsonx-ai 1.8.1,
`foundation_models_manager.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.watsonx.errors import invalid_document
from core.llms.simulator.watsonx.models import MODELS

if TYPE_CHECKING:
    from multidict import MultiMapping

    from core.llms.simulator.watsonx.models import Model

_MOST = 200
_USUAL = 100
_WITHDRAWN_SINCE = "2025-10-15"
_FILTERS = ("modelid", "provider", "source", "function", "task", "lifecycle")


def list_specs(query: MultiMapping[str], address: str) -> dict[str, Any]:
    """One page of the list. Raises: ApiError."""
    limit = _number(query, "limit", _USUAL, 1, _MOST)
    start = _number(query, "start", 0, 0, len(MODELS))
    chosen = [model for model in MODELS.values() if _passes(model, query.get("filters", ""))]
    page = chosen[start : start + limit]
    first = f"{address}?version={query['version']}&limit={limit}"
    body: dict[str, Any] = {"limit": limit, "first": {"href": first}}
    if start + limit < len(chosen):
        body["next"] = {"href": f"{first}&start={start + limit}"}
    return body | {"total_count": len(chosen), "resources": [_spec(model) for model in page]}


def _spec(model: Model) -> dict[str, Any]:
    limits: dict[str, int] = {"max_sequence_length": model.context_window}
    if model.dimensions:
        limits["embedding_dimension"] = model.dimensions
    else:
        limits["max_output_tokens"] = model.output_limit
    return {
        "model_id": model.name,
        "label": model.name.rpartition("/")[2],
        "provider": model.provider,
        "source": _source(model),
        "functions": [{"id": function} for function in model.functions],
        "short_description": f"{model.name}, as the simulator plays it.",
        "input_tier": "class_1",
        "output_tier": "class_1",
        "task_ids": list(model.tasks),
        "tasks": [{"id": task} for task in model.tasks],
        "model_limits": limits,
        "lifecycle": [{"id": state, "start_date": date} for state, date in _lifecycle(model)],
    }


def _passes(model: Model, expression: str) -> bool:
    """Whether a model passes `a,!b:and`: names with values, `!` for not, all of them with `:and`, else any."""
    if not expression:
        return True
    terms, _, joint = expression.partition(":")
    held = [_holds(model, term.strip()) for term in terms.split(",") if term.strip()]
    return all(held) if joint == "and" else any(held)


def _holds(model: Model, term: str) -> bool:
    wanted = term.removeprefix("!")
    name, _, value = wanted.partition("_")
    if name not in _FILTERS or not value:
        raise invalid_document(f"the filter '{wanted}' is not supported")
    return (value in _values(model, name)) != term.startswith("!")


def _values(model: Model, name: str) -> tuple[str, ...]:
    match name:
        case "modelid":
            return (model.name,)
        case "provider":
            return (model.provider,)
        case "function":
            return model.functions
        case "task":
            return model.tasks
        case "lifecycle":
            return (_lifecycle(model)[-1][0],)
    return (_source(model),)


def _source(model: Model) -> str:
    return "IBM" if model.provider == "IBM" else "Hugging Face"


def _lifecycle(model: Model) -> tuple[tuple[str, str], ...]:
    available = ("available", model.since)
    return (available, ("withdrawn", _WITHDRAWN_SINCE)) if model.withdrawn else (available,)


def _number(query: MultiMapping[str], name: str, usual: int, lowest: int, highest: int) -> int:
    text = query.get(name, str(usual))
    if not text.isdecimal() or not lowest <= int(text) <= highest:
        raise invalid_document(f"{name} should be a number from {lowest} to {highest}")
    return int(text)
