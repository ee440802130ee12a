"""Spoiling requests to vendors that pass over fields they do not know: a renamed field is a missing one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

from tests.unit.simulator.mutations import Mutation, mutations, strange_values


async def complaints(
    url: str,
    body: dict[str, Any],
    optional: frozenset[str],
    is_own_error: Callable[[int, Any], bool],
    headers: Mapping[str, str] | None = None,
) -> list[str]:
    """What got through and should not have, what was refused and should not have been, and errors of a strange form."""
    wrong = []
    async with aiohttp.ClientSession(headers=headers) as session:
        for mutation in mutations(body):
            async with session.post(url, json=mutation.body) as response:
                received = await response.json(content_type=None) if response.status != 200 else None
            complaint = _complaint(mutation, response.status, received, optional, is_own_error)
            if complaint:
                wrong.append(complaint)
    return wrong


async def broken(
    url: str,
    body: dict[str, Any],
    is_own_error: Callable[[int, Any], bool],
    headers: Mapping[str, str] | None = None,
) -> list[str]:
    """The strange values that broke the server: what is neither answered nor refused in the vendor's own form."""
    names = []
    async with aiohttp.ClientSession(headers=headers) as session:
        for mutation in strange_values(body):
            async with session.post(url, json=mutation.body) as response:
                content = await response.read()
            if response.status != 200 and not is_own_error(response.status, _parsed(content)):
                names.append(mutation.name)
    return names


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return None


def _complaint(
    mutation: Mutation,
    status: int,
    received: Any,
    optional: frozenset[str],
    is_own_error: Callable[[int, Any], bool],
) -> str | None:
    place = mutation.name.removeprefix(f"{mutation.kind} ")
    may_pass = mutation.kind in ("remove", "rename") and place in optional
    if received is None:
        return None if may_pass else f"{mutation.name} got through"
    if may_pass:
        return f"{mutation.name} was refused: {received}"
    return None if is_own_error(status, received) else f"{mutation.name} has the error {received}"
