"""Names in addresses. A slash in a name, as in `meta-llama/Llama-3.3-70B`, is sent as `%2F`, and stays part of it."""

from __future__ import annotations

from typing import Annotated, Any, Final, TypeAlias
from urllib.parse import quote, unquote

from fastapi import Path, Query
from pydantic import AfterValidator, BeforeValidator
from starlette.types import ASGIApp, Receive, Scope, Send

_LONGEST: Final = 255
LARGEST_NUMBER: Final = 2**31 - 1


class RawPaths:
    """Has routes found by the path as it was sent, in which an encoded slash is none between segments."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            raw = scope.get("raw_path") or quote(scope["path"]).encode()
            scope["raw_path"], scope["path"] = raw, raw.decode("ascii", "replace")
        await self._app(scope, receive, send)


def segment(name: str) -> str:
    """Return a name as a segment of an address."""
    return quote(name, safe="")


def _decode(value: Any) -> Any:
    return unquote(value, errors="strict") if isinstance(value, str) else value


def _require_storable(name: str | None) -> str | None:
    if name is not None and ("\0" in name or any("\ud800" <= letter <= "\udfff" for letter in name)):
        raise ValueError("it has a character that no name has")
    return name


def _name(description: str) -> Any:
    return Path(min_length=1, max_length=_LONGEST, description=description)


_Stored: Final = AfterValidator(_require_storable)
_Decoded: Final = BeforeValidator(_decode)
ProviderName: TypeAlias = Annotated[str, _Stored, _Decoded, _name("As in `openai`.")]
ModelId: TypeAlias = Annotated[str, _Stored, _Decoded, _name("As in `gpt-4.1-mini`; a slash is sent as `%2F`.")]
RowName: TypeAlias = Annotated[str, _Stored, _Decoded, _name("Its name; a slash is sent as `%2F`.")]
RevisionNumber: TypeAlias = Annotated[int, Path(ge=1, le=LARGEST_NUMBER, description="The version that it was.")]
RowId: TypeAlias = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]
Wanted: TypeAlias = Annotated[str | None, _Stored, Query(max_length=2 * _LONGEST + 1)]
