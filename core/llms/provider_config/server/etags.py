"""Entity tags, and the conditions that requests make by them.

A tag is `"<version>-<digest of the body>"`. What is configured has changed where the version has; the digest also tells
what only the provider's last answer changed, so that nobody is told `304` of something newer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from fastapi import Header, Request, Response
from pydantic import BaseModel

from core.llms.provider_config.server.problems import EXISTS_ALREADY, IF_MATCH_NEEDED, MALFORMED, Refusal

_DIGEST_DIGITS: Final = 16
_TAGS: Final = re.compile(r'\s*(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)')
_VERSION: Final = re.compile(r"([1-9][0-9]{0,8})(?:-[0-9a-f]{16})?", re.ASCII)
# What no row ever is at.
_NO_VERSION: Final = 0

IfMatch: TypeAlias = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The ETag of what was read, or `*` for whatever is there. Without it the answer is 428; where what "
        "is stored is at another version, 412.",
        examples=['"3-0a1b2c3d4e5f6071"'],
    ),
]
OptionalIfMatch: TypeAlias = Annotated[
    str | None, Header(alias="If-Match", description="The ETag of what was read; 412 where it is at another version.")
]
IfNoneMatch: TypeAlias = Annotated[
    str | None, Header(alias="If-None-Match", description="The ETag of an earlier answer; 304 where it is the same.")
]
IfNew: TypeAlias = Annotated[
    str | None, Header(alias="If-None-Match", description="`*`: only where it is not there yet; 412 where it is.")
]


@dataclass(frozen=True, slots=True)
class Expected:
    """The versions that a request means; none of them is any."""

    versions: tuple[int, ...] = ()

    @property
    def is_any(self) -> bool:
        """Whether whatever is there is meant."""
        return not self.versions

    async def resolve(self, read_version: Callable[[], Awaitable[int | None]]) -> int | None:
        """Return the one version for the service to expect, None for any. Only a choice of several has to be read."""
        if len(self.versions) < 2:
            return self.versions[0] if self.versions else None
        current = await read_version()
        return current if current in self.versions else self.versions[0]


def read_if_match(header: str | None) -> Expected:
    """Read `If-Match`. Raises `Refusal`: 428 where it is missing, 400 where it cannot be read."""
    if header is None:
        raise Refusal(
            IF_MATCH_NEEDED, "send If-Match with the ETag that reading it gave, so that no change of others is lost"
        )
    return read_optional_if_match(header)


def read_optional_if_match(header: str | None) -> Expected:
    """Read `If-Match`, where it need not be. Raises `Refusal`."""
    if header is None or header.strip() == "*":
        return Expected()
    # Weak tags count as well: proxies that compress answers make them of strong ones, and the version is the same.
    versions = [int(found[1]) for tag in _read_tags(header, "If-Match") if (found := _VERSION.fullmatch(tag))]
    return Expected(tuple(versions) or (_NO_VERSION,))


def read_if_new(header: str | None) -> bool:
    """Tell whether `If-None-Match: *` was sent. Raises `Refusal` for tags, which what is new has none of."""
    if header is not None and header.strip() != "*":
        raise Refusal(MALFORMED, "If-None-Match can only be * here")
    return header is not None


def exists_already(what: str) -> Refusal:
    """Return the refusal of `If-None-Match: *`."""
    return Refusal(EXISTS_ALREADY, f"{what} is there already")


def answer(
    request: Request, content: BaseModel, *, version: int | None = None, status: int = 200, location: str | None = None
) -> Response:
    """Answer with a body and its ETag, or with 304 where the caller has this very body."""
    response = answer_bytes(request, content.model_dump_json().encode(), "application/json", version, status)
    if location is not None:
        response.headers["Location"] = location
    return response


def answer_bytes(
    request: Request, body: bytes, media_type: str, version: int | None = None, status: int = 200
) -> Response:
    """The same, of what is written already."""
    digest = hashlib.sha256(body).hexdigest()[:_DIGEST_DIGITS]
    tag = digest if version is None else f"{version}-{digest}"
    headers = {"ETag": f'"{tag}"'}
    known = request.headers.get("if-none-match")
    if request.method == "GET" and known is not None and _is_known(known, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, status, headers, media_type)


def _is_known(header: str, tag: str) -> bool:
    return header.strip() == "*" or tag in _read_tags(header, "If-None-Match")


def _read_tags(header: str, name: str) -> list[str]:
    tags, end = [], 0
    while end < len(header):
        found = _TAGS.match(header, end)
        if found is None:
            raise Refusal(MALFORMED, f'{name} has to be * or entity tags, as in "3-0a1b2c3d4e5f6071"')
        tags.append(found[1])
        end = found.end()
    return tags
