"""Validation errors in words for a model: where, what is wrong, and which type was found. Values are left out.

Used for answers that do not fit and for arguments of tools; who raises what lives there.
"""

from __future__ import annotations

from typing import Any, Final

from pydantic_core import ValidationError

MAX_ERROR_CHARS: Final = 2_000
_JSON_TYPES: Final[tuple[tuple[type, str], ...]] = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (str, "string"),
    (list, "array"),
    (dict, "object"),
    (type(None), "null"),
)


def describe_json_type(value: Any) -> str:
    """Name a decoded value's type as JSON does; `integer` stands for a number without a fraction."""
    for kind, name in _JSON_TYPES:
        if isinstance(value, kind):
            return name
    return type(value).__name__


def describe_validation_error(error: ValidationError, headline: str) -> str:
    """Say what does not fit, a line a problem under the headline, in at most 2,000 characters."""
    problems = error.errors(include_url=False, include_context=False)
    if len(problems) == 1 and problems[0]["type"] == "json_invalid":
        return shorten(f"not valid JSON: {problems[0]['msg'].removeprefix('Invalid JSON: ')}")
    lines = [headline] if headline else []
    length = len(headline)
    for index, problem in enumerate(problems):
        line = f"- {_describe_place(problem['loc'])}: {_describe_problem(problem)}"
        rest = f"- and {len(problems) - index} more"
        if length + len(line) + len(rest) + 2 > MAX_ERROR_CHARS:
            lines.append(rest if index else shorten(line, MAX_ERROR_CHARS - length - 1))
            break
        lines.append(line)
        length += len(line) + 1
    return "\n".join(lines)


def shorten(text: str, length: int = MAX_ERROR_CHARS) -> str:
    """Cut a text to at most so many characters, the last of them an ellipsis."""
    return text if len(text) <= length else text[: length - 1] + "…"


def _describe_place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(step) for step in location) or "the whole"


def _describe_problem(problem: Any) -> str:
    match problem["type"]:
        case "missing" | "missing_argument":
            return "is required, and missing"
        case "extra_forbidden":
            return "is not known"
        case _:
            return f"{problem['msg']} (found: {describe_json_type(problem['input'])})"
