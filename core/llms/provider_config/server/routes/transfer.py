"""What is configured as a document, as the command writes it, and a document as what is configured."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final, Literal, TypeAlias
from urllib.parse import quote

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.server.authentication import Acting, Service
from core.llms.provider_config.server.declarations import declare
from core.llms.provider_config.server.etags import IfNoneMatch, answer, answer_bytes
from core.llms.provider_config.server.examples import IMPORT_DOCUMENT
from core.llms.provider_config.server.import_reports import ImportReportResponse, render_report
from core.llms.provider_config.server.json_bodies import JsonRoute
from core.llms.provider_config.server.media_types import JSON, YAML, choose, read_media_type
from core.llms.provider_config.server.names import Wanted
from core.llms.provider_config.server.problems import NO_DOCUMENT, NOT_ACCEPTABLE, TOO_LARGE, Refusal
from core.llms.provider_config.transfer.document import CONFIGURATIONS, FORMAT, PARAMETERS, PROMPT_TEMPLATES, Document
from core.llms.provider_config.transfer.reading import read_document
from core.llms.provider_config.transfer.writing import render_json, render_yaml

router: Final = APIRouter(tags=["transfer"], route_class=JsonRoute)
IMPORT_PATH: Final = "/v1/import"
_LEFT_OUT: Final = "X-Left-Out"
# Each takes some milliseconds, in which nobody else can change anything.
MOST_ENTRIES: Final = 1_000
# What storing a document needs, by what is in it.
_CHANGING: Final = (Operation.UPDATE, Operation.REGISTER, Operation.CONNECT, Operation.ACTIVATE)
# Some clients read no more than 8 KiB of headers.
_MOST_LEFT_OUT_BYTES: Final = 4_096
_SECTION: Final = {"type": ["object", "null"], "additionalProperties": {"type": ["object", "null"]}}
_DOCUMENT: Final[dict[str, Any]] = {
    "type": "object",
    "description": "Parameters, templates and configurations by their names, as `GET /v1/export` answers them.",
    "required": [FORMAT],
    "properties": {FORMAT: {"const": 1}, **dict.fromkeys((PARAMETERS, PROMPT_TEMPLATES, CONFIGURATIONS), _SECTION)},
    "additionalProperties": False,
}
_BODY: Final = {
    "required": True,
    "content": {JSON: {"schema": _DOCUMENT, "example": IMPORT_DOCUMENT}, YAML: {"schema": _DOCUMENT}},
}
_EXPORTED: Final = {
    "description": f"The document. `{_LEFT_OUT}` names, percent-encoded, what is left out because it may be a secret.",
    "content": {JSON: {"schema": _DOCUMENT}, YAML: {"schema": _DOCUMENT}},
}


class Documents:
    """Reads and writes documents one after the other, in a thread: other requests are answered meanwhile.

    YAML of some MiB takes a processor for seconds. Whoever sends many of them waits, and keeps no more than one busy.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore()

    async def read(self, data: bytes, media_type: str) -> Document:
        """Read a document. Raises `ConfigValidationError`."""
        async with self._turn:
            return await asyncio.to_thread(read_document, data, f"document{'.json' if media_type == JSON else '.yaml'}")

    async def write(self, document: Document, media_type: str) -> str:
        """Write a document."""
        async with self._turn:
            return await asyncio.to_thread(render_json if media_type == JSON else render_yaml, document)


def _documents(request: Request) -> Documents:
    documents: Documents = request.app.state.documents
    return documents


_Documents: TypeAlias = Annotated[Documents, Depends(_documents)]


@router.get(
    "/export",
    response_class=Response,
    **declare(Operation.READ, problems=(304, 406), answered=_EXPORTED),
)
async def export_configurations(
    request: Request,
    service: Service,
    actor: Acting,
    documents: _Documents,
    provider: Wanted = None,
    accept: Annotated[
        str | None, Header(description=f"`{JSON}`, which is answered to whoever takes anything, or `{YAML}`.")
    ] = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Write all that the actor may see as a document without secrets, or one provider's models with what they use."""
    media_type = choose(accept, (JSON, YAML))
    if media_type is None:
        raise Refusal(NOT_ACCEPTABLE, f"a document is {JSON} or {YAML}")
    document = await service.transfer.export(provider=provider, actor=actor)
    text = await documents.write(document, media_type)
    response = answer_bytes(request, text.encode(), media_type)
    response.headers["Vary"] = "Accept"
    if document.left_out:
        response.headers[_LEFT_OUT] = _name_left_out(document)
    return response


@router.post(
    "/import",
    response_model=ImportReportResponse,
    **declare(*_CHANGING, Operation.VERIFY, body=_BODY),
)
async def import_configurations(
    request: Request,
    service: Service,
    actor: Acting,
    documents: _Documents,
    dry_run: Annotated[bool, Query(description="Tell what it would do, what is refused, too, and do nothing.")] = False,
    mode: Annotated[
        Literal["merge", "create"],
        Query(description="`merge` changes what is there to what the document says; `create` refuses to."),
    ] = "merge",
    verify: Annotated[
        bool, Query(description="Ask the providers afterwards; what is new is switched on where they answer.")
    ] = False,
) -> Response:
    """Store what a document says, all or nothing; what it does not name stays, and the same again changes nothing.

    Where anything is refused, also for want of an operation there, it is 422, with the `report`. Who may change nothing
    at all gets 403. A document has at most 1,000 entries.
    """
    media_type = read_media_type(request.headers.get("content-type", ""))
    if media_type is None:
        raise Refusal(NO_DOCUMENT, f"send {JSON} or {YAML}")
    await service.access.require_some(*_CHANGING, actor=actor)
    document = await documents.read(await request.body(), media_type)
    if len(document.parameters) + len(document.prompt_templates) + len(document.configurations) > MOST_ENTRIES:
        raise Refusal(TOO_LARGE, f"a document has at most {MOST_ENTRIES} entries here: import it in parts")
    report = await service.transfer.import_(document, mode=mode, dry_run=dry_run, verify=verify, actor=actor)
    return answer(request, render_report(report))


def _name_left_out(document: Document) -> str:
    """Return the header that names what is left out: as much of it as a header holds, then an ellipsis."""
    named = ""
    for path in document.left_out:
        added = f"{', ' if named else ''}{quote(path, safe='/ ')}"
        if len(named) + len(added) > _MOST_LEFT_OUT_BYTES:
            return f"{named}, ..."
        named += added
    return named
