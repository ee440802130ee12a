"""Bodies of requests: JSON, and nothing that only some readers of JSON take."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Coroutine
from math import isfinite
from typing import Any, Final

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from core.llms.provider_config.server.problems import MALFORMED, NOT_JSON, Refusal

BODY: Final = "core_llms.body"
_WITHOUT_BODY: Final = frozenset({"", "0"})
# What a query may have more than once.
_LISTS: Final = frozenset({"group_by"})


class JsonRoute(APIRoute):
    """A route that reads its body by `JsonRequest`, and refuses one of another media type, and ambiguous queries."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def read_strictly(request: Request) -> Response:
            _require_once(request)
            if self.body_field is not None:
                _require_json(request)
            return await answer(JsonRequest(request.scope, request.receive))

        return read_strictly


class JsonRequest(Request):
    """A request whose JSON has no NaN, no infinity, no name twice, and no half characters."""

    async def json(self) -> Any:
        """Return the body. Raises `Refusal`."""
        try:
            value = parse(await self.body())
        except (ValueError, RecursionError) as error:
            raise Refusal(MALFORMED, f"the body is no JSON that can be stored: {_reason(error)}") from None
        self.scope[BODY] = value
        return value


def parse(body: bytes) -> Any:
    """Read JSON. Raises ValueError, and RecursionError for what is too deep."""
    value = json.loads(body.decode(), object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite)
    if rb"\u" in body:
        # Half of a pair can be written in JSON, and stored nowhere.
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _reason(error: Exception) -> str:
    match error:
        case json.JSONDecodeError():
            return f"{error.msg} at character {error.pos}"
        case UnicodeError():
            return "it has characters that are not whole"
        case RecursionError():
            return "it is nested too deep"
    return str(error)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is given twice")
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")


def _finite(text: str) -> float:
    if not isfinite(number := float(text)):
        raise ValueError("a number is too large")
    return number


def _require_json(request: Request) -> None:
    has_body = "transfer-encoding" in request.headers or (
        request.headers.get("content-length", "") not in _WITHOUT_BODY
    )
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if has_body and not (media_type == "application/json" or media_type.endswith("+json")):
        raise Refusal(NOT_JSON, "send application/json")


def _require_once(request: Request) -> None:
    counts = Counter(name for name, _ in request.query_params.multi_items())
    twice = [name for name, count in counts.items() if count > 1 and name not in _LISTS]
    if twice:
        raise RequestValidationError(
            [{"loc": ("query", name), "msg": "it is given more than once", "type": "repeated"} for name in twice]
        )
