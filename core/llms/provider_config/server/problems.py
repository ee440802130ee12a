"""Problems as RFC 9457 has them: what each error of the service, and each refusal of the API's own, is told as."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from core.llms.errors import ConfigurationError, LLMError, StorageError
from core.llms.provider_config import errors
from core.llms.provider_config.server.differences import FieldDifference
from core.llms.provider_config.server.import_reports import ImportReportResponse
from core.llms.provider_config.transfer.report import ImportRefusedError
from core.llms.runtime.secret_patterns import mask_secrets

MEDIA_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:core-llms:problem:"
_CLIENT_ERRORS_BELOW: Final = 500


class FieldProblem(BaseModel):
    """What is wrong with one part of a request: of its body by a JSON pointer, else by a parameter's name."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None


class Problem(BaseModel):
    """Why a request was not answered as asked. `type` is stable, and what programs may go by."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str | None = None
    errors: list[FieldProblem] | None = None
    changes: list[FieldDifference] | None = None
    configuration: dict[str, Any] | None = None
    report: ImportReportResponse | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: the end of its `type`, its title, and the status it is told with."""

    slug: str
    status: int
    title: str


KINDS: Final[Mapping[type[LLMError], Kind]] = {
    errors.ProviderConfigError: Kind("failed", 500, "It failed"),
    errors.ConfigNotFoundError: Kind("not-found", 404, "There is no such thing"),
    errors.ConfigExistsError: Kind("exists", 409, "Something else has that name"),
    errors.ConfigInUseError: Kind("in-use", 409, "It is in use"),
    errors.ConfigValidationError: Kind("invalid", 422, "The values cannot be stored"),
    errors.StaleConfigError: Kind("stale", 412, "It was changed meanwhile"),
    errors.ConfigInactiveError: Kind("inactive", 409, "It is switched off"),
    errors.VerificationError: Kind("verification-failed", 424, "The provider does not answer for it"),
    errors.AccessDeniedError: Kind("access-denied", 403, "That is not allowed"),
    errors.TokenRefusedError: Kind("unauthenticated", 401, "A valid API token is needed"),
    errors.AuditError: Kind("audit-unavailable", 503, "It cannot be written down, so it was not done"),
    errors.CredentialError: Kind("credential-unusable", 409, "The stored credential cannot be used"),
    errors.EncryptionKeyError: Kind("encryption-key-missing", 503, "The encryption key is not set"),
    errors.CredentialDamagedError: Kind("credential-damaged", 500, "The stored credential is damaged"),
    ImportRefusedError: Kind("import-refused", 422, "Something of the document was refused"),
    StorageError: Kind("storage-unavailable", 503, "The database does not answer"),
    ConfigurationError: Kind("not-configured", 503, "The server is not set up"),
    LLMError: Kind("failed", 500, "It failed"),
}
UNEXPECTED: Final = Kind("unexpected", 500, "An unexpected error")
MALFORMED: Final = Kind("malformed", 400, "The request cannot be read")
IF_MATCH_NEEDED: Final = Kind("precondition-required", 428, "Say which version is meant")
EXISTS_ALREADY: Final = Kind("exists-already", 412, "It is there already")
TOO_LARGE: Final = Kind("too-large", 413, "The request is too large")
NOT_JSON: Final = Kind("unsupported-media-type", 415, "The body must be JSON")
NO_DOCUMENT: Final = Kind("unsupported-media-type", 415, "The body must be YAML or JSON")
NOT_ACCEPTABLE: Final = Kind("not-acceptable", 406, "There is no answer of that media type")
TOO_MANY_FAILURES: Final = Kind("too-many-failures", 429, "Too many requests with a wrong token")
_OF_HTTP: Final[Mapping[int, Kind]] = {
    400: MALFORMED,
    404: Kind("no-such-address", 404, "Nothing has this address"),
    405: Kind("method-not-allowed", 405, "The address does not take this method"),
}


class Refusal(HTTPException):
    """A request that the API itself refuses. FastAPI lets it pass from wherever it is raised."""

    def __init__(self, kind: Kind, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        super().__init__(kind.status, detail, headers)
        self.kind = kind
        self.members = members


def kind_of(error: LLMError) -> Kind:
    """Return what an error is told as: its class's own kind, or that of the nearest class above it."""
    return next(KINDS[one] for one in type(error).__mro__ if one in KINDS)


def kind_of_status(status: int) -> Kind:
    """Return what a refusal of the router is told as."""
    return _OF_HTTP.get(status, Kind("refused", status, "The request was refused"))


def is_told(kind: Kind) -> bool:
    """Tell whether the words of an error are for the caller. Those of the server's own failures are for its log."""
    return kind.status < _CLIENT_ERRORS_BELOW


def render(
    request: Request, kind: Kind, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any
) -> Response:
    """Make the answer. `members` are those of `Problem`."""
    content = {
        "type": f"{TYPE_PREFIX}{kind.slug}",
        "title": kind.title,
        "status": kind.status,
        "detail": mask_secrets(detail),
        "request_id": request.scope.get("core_llms.request_id"),
        **{name: value for name, value in members.items() if value is not None},
    }
    # Escaped, so that whatever a caller sent can be repeated to it, lone surrogates, too.
    body = json.dumps(content, ensure_ascii=True).encode()
    return Response(body, kind.status, dict(headers or {}), MEDIA_TYPE)
