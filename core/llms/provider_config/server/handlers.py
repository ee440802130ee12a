"""What becomes of an exception: the problem that is answered, and what is logged."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from core.llms.errors import LLMError
from core.llms.provider_config.errors import (
    ConfigValidationError,
    StaleConfigError,
    TokenRefusedError,
    VerificationError,
)
from core.llms.provider_config.server.import_reports import render_report
from core.llms.provider_config.server.json_bodies import BODY
from core.llms.provider_config.server.problems import (
    KINDS,
    UNEXPECTED,
    Kind,
    Refusal,
    is_told,
    kind_of,
    kind_of_status,
    render,
)
from core.llms.provider_config.server.shown import shown
from core.llms.provider_config.transfer.report import ImportRefusedError
from core.llms.runtime.secret_patterns import mask_secrets

_LOG: Final = logging.getLogger("core.llms.server")
_UNAVAILABLE: Final = 503
_RETRY_AFTER: Final = {"Retry-After": "5"}
_NOT_TOLD: Final = "the server's log says why, under this request's id"
# Where the fields of nested values are, which the service names by themselves.
_NESTED: Final = (("parameters",), ("parameters", "extra_parameters"), ("prompt_template",), ("decisions",))


def add_handlers(app: FastAPI) -> None:
    """Have the application answer every exception with a problem."""
    app.add_exception_handler(LLMError, _answer_error)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(HTTPException, _answer_refusal)


def answer_unexpected(request: Request, error: BaseException) -> Response:
    """Log what nobody foresaw, with its traceback, and answer without it."""
    _log(request, error)
    return render(request, UNEXPECTED, _NOT_TOLD)


def _log(request: Request, error: BaseException) -> None:
    trace = mask_secrets("".join(traceback.format_exception(error)))
    _LOG.error("request %s failed: %s", request.scope.get("core_llms.request_id"), trace)


async def _answer_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, LLMError)
    kind = kind_of(error)
    headers: Mapping[str, str] = {}
    if not is_told(kind):
        _log(request, error)
        headers = _RETRY_AFTER if kind.status == _UNAVAILABLE else {}
    if isinstance(error, TokenRefusedError):
        headers = {"WWW-Authenticate": 'Bearer realm="core-llms", error="invalid_token"'}
    return render(request, kind, _detail(error, kind), headers=headers, **_members(request, error))


def _detail(error: LLMError, kind: Kind) -> str:
    return str(error) if is_told(kind) else _NOT_TOLD


def _members(request: Request, error: LLMError) -> dict[str, Any]:
    match error:
        case ConfigValidationError():
            body = request.scope.get(BODY)
            return {"errors": [_of_field(body, field, told) for field, told in error.problems.items()]}
        case StaleConfigError():
            return {"changes": request.scope.get("core_llms.changes")}
        case VerificationError():
            return {"configuration": shown(error.config).model_dump(mode="json")}
        case ImportRefusedError():
            return {"report": render_report(error.report).model_dump(mode="json")}
    return {}


def _of_field(body: Any, field: str, detail: str) -> dict[str, str]:
    told = {"detail": mask_secrets(detail)}
    path = field.split(".")
    for place in ((), *_NESTED):
        found = _descend(body, place)
        if isinstance(found, Mapping) and path[0] in found:
            return {**told, "pointer": pointer_to((*place, *path))}
    return told


def _descend(body: Any, place: Sequence[str]) -> Any:
    for name in place:
        body = body.get(name) if isinstance(body, Mapping) else None
    return body


def pointer_to(path: Iterable[Any]) -> str:
    """Return the JSON pointer of a place in a body, as the fragment of a URI."""
    return "#" + "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


async def _answer_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = [_of_part(one["loc"], one["msg"]) for one in error.errors()]
    detail = "; ".join(one["detail"] for one in found)
    return render(request, KINDS[ConfigValidationError], detail, errors=found)


def _of_part(location: Sequence[Any], detail: str) -> dict[str, str]:
    source, *path = location
    told = {"detail": mask_secrets(f"`{'.'.join(map(str, path)) or source}`: {detail}")}
    if source == "body":
        return {**told, "pointer": pointer_to(path)}
    return {**told, "parameter": ".".join(map(str, path))}


async def _answer_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error, Refusal):
        return render(request, error.kind, error.detail, headers=error.headers, **error.members)
    return render(request, kind_of_status(error.status_code), str(error.detail), headers=error.headers)
