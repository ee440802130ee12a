"""Every way to spoil one field of a request: taken out, renamed, or given another JSON type."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

Path = tuple[str | int, ...]
# Contents of these are JSON schemas or free keys: they are not the request's own fields.
STRANGE: list[Any] = [None, [], {}, "", True, -1, 0.5, [None], [[]], {"type": "x"}, ["a"], 10**30]
FREE = ("parameters", "schema", "metadata", "logit_bias")


@dataclass(frozen=True)
class Mutation:
    kind: str
    path: Path
    body: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.kind} {dotted(self.path)}"


def dotted(path: Path) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def mutations(body: dict[str, Any]) -> Iterator[Mutation]:
    for path in _paths(body, ()):
        if not isinstance(path[-1], int):
            yield Mutation("remove", path, _without(body, path))
            yield Mutation("rename", path, _renamed(body, path))
        for index, wrong in enumerate(_wrong_values(_at(body, path))):
            yield Mutation(f"mistype-{index}", path, _replaced(body, path, wrong))


def strange_values(body: dict[str, Any]) -> Iterator[Mutation]:
    """Each field given values that may or may not be right: no server may break on them."""
    for path in _paths(body, ()):
        for index, strange in enumerate(STRANGE):
            yield Mutation(f"strange-{index}", path, _replaced(body, path, strange))


async def find_complaints(
    url: str,
    body: dict[str, Any],
    headers: Mapping[str, str],
    judge: Callable[[Mutation, int, dict[str, Any] | None], str | None],
) -> list[str]:
    """What `judge` has to say of the answers to every mutation: its status, and its body where it is refused."""
    complaints = []
    async with aiohttp.ClientSession(headers=headers) as session:
        for mutation in mutations(body):
            async with session.post(url, json=mutation.body) as response:
                received = await response.json(content_type=None) if response.status != 200 else None
                complaints.append(judge(mutation, response.status, received))
    return [complaint for complaint in complaints if complaint]


async def find_breaking(url: str, body: dict[str, Any], headers: Mapping[str, str]) -> list[str]:
    """The strange values at which the server breaks."""
    broken = []
    async with aiohttp.ClientSession(headers=headers) as session:
        for mutation in strange_values(body):
            async with session.post(url, json=mutation.body) as response:
                await response.read()
                if response.status >= 500:
                    broken.append(mutation.name)
    return broken


def _paths(value: Any, path: Path) -> Iterator[Path]:
    entries: Iterator[tuple[str | int, Any]]
    if isinstance(value, dict):
        entries = iter(value.items())
    elif isinstance(value, list):
        entries = iter(enumerate(value))
    else:
        return
    for key, inner in entries:
        yield (*path, key)
        if key not in FREE:
            yield from _paths(inner, (*path, key))


def _wrong_values(value: Any) -> list[Any]:
    """Two values of other JSON types, never one a union with this type would take."""
    match value:
        case bool():
            return ["wrong", 3]
        case int() | float():
            return ["wrong", [1]]
        case str():
            return [3, {"wrong": 1}]
        case list():
            return [3, {"wrong": 1}]
        case _:
            return [3, [3]]


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _without(body: dict[str, Any], path: Path) -> dict[str, Any]:
    changed = copy.deepcopy(body)
    del _at(changed, path[:-1])[path[-1]]
    return changed


def _renamed(body: dict[str, Any], path: Path) -> dict[str, Any]:
    changed = copy.deepcopy(body)
    parent = _at(changed, path[:-1])
    parent[f"{path[-1]}_renamed"] = parent.pop(path[-1])
    return changed


def _replaced(body: dict[str, Any], path: Path, wrong: Any) -> dict[str, Any]:
    changed = copy.deepcopy(body)
    _at(changed, path[:-1])[path[-1]] = wrong
    return changed
