"""Lists in pages: an opaque cursor says after which entry the next page begins, so that no change shifts it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, Generic, TypeAlias, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel

from core.llms.provider_config.server.etags import answer

T = TypeVar("T", bound=BaseModel)
RowT = TypeVar("RowT")
DEFAULT_LIMIT: Final = 50
LARGEST_LIMIT: Final = 200


class Page(BaseModel, Generic[T]):
    """A part of a list. `next` is the address of the part that follows, None where this is the last."""

    items: list[T]
    next: str | None = None


class PageRequest:
    """Which part of a list is asked for."""

    def __init__(
        self,
        request: Request,
        limit: Annotated[int, Query(ge=1, le=LARGEST_LIMIT, description="How many at most.")] = DEFAULT_LIMIT,
        cursor: Annotated[
            str | None, Query(max_length=2_000, description="From the `next` of the page before; nothing to be read.")
        ] = None,
    ) -> None:
        self.request = request
        self.limit = limit
        self._cursor = cursor

    def after(self, *types: type[int | str]) -> tuple[Any, ...] | None:
        """Return the sort key of the last entry of the page before, None at the beginning."""
        if self._cursor is None:
            return None
        key = _decode(self._cursor)
        if [type(part) for part in key] != list(types):
            raise RequestValidationError(
                [{"loc": ("query", "cursor"), "msg": "it is no cursor of this list: begin without", "type": "cursor"}]
            )
        return tuple(key)

    def cut(self, rows: Sequence[RowT], key: Callable[[RowT], tuple[int | str, ...]]) -> tuple[list[RowT], str | None]:
        """Return the page of rows that are all there are, sorted by `key`, and the address of the next."""
        types = [type(part) for part in key(rows[0])] if rows else []
        after = self.after(*types) if rows else None
        later = rows if after is None else [row for row in rows if key(row) > after]
        return self.end(later, key)

    def end(self, rows: Sequence[RowT], key: Callable[[RowT], tuple[int | str, ...]]) -> tuple[list[RowT], str | None]:
        """Return the page of rows that begin with it, and the address of the next where there are more."""
        page = list(rows[: self.limit])
        return page, self._address(key(page[-1])) if len(rows) > self.limit else None

    def _address(self, key: tuple[int | str, ...]) -> str:
        path = self.request.scope["raw_path"].decode("ascii")
        kept = [(name, value) for name, value in self.request.query_params.multi_items() if name != "cursor"]
        return f"{path}?{urlencode([*kept, ('cursor', _encode(key))])}"


Paging: TypeAlias = Annotated[PageRequest, Depends(PageRequest)]


def answer_page(request: Request, page: Page[Any]) -> Response:
    """Answer with a page, and its next one as a link, too."""
    response = answer(request, page)
    if page.next is not None:
        response.headers["Link"] = f'<{page.next}>; rel="next"'
    return response


def _encode(key: tuple[int | str, ...]) -> str:
    return urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def _decode(cursor: str) -> list[Any]:
    try:
        key = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        return []
    return key if isinstance(key, list) else []
