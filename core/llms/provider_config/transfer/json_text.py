"""JSON as plain values: no name twice, no number that is none, not too deep."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NoReturn


class JsonProblem(Exception):
    """What is wrong with a text, and in which line, where that is known."""

    def __init__(self, problem: str, line: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line


def parse_json(text: str) -> Any:
    """Return the values of a text. Raises `JsonProblem`."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise JsonProblem(f"it is no JSON: {error.msg}", error.lineno) from error
    except RecursionError:
        raise JsonProblem("it is nested too deeply") from None
    except ValueError:
        raise JsonProblem("it holds a number of too many digits") from None


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in values:
            raise JsonProblem(f"{name!r} is given twice")
        values[name] = value
    return values


def _refuse(constant: str) -> NoReturn:
    raise JsonProblem(f"{constant} is no finite number")
