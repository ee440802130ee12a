"""Aliases from a file, so that a team keeps them in one place: all of a file are registered, or none.

A file is `models:` with the fields of an `AliasDefinition` under each alias, in YAML or TOML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from core.llms.callers.base.params import unknown_field
from core.llms.configs.base.definitions import KEY_NAMES, AliasDefinition, define_config
from core.llms.configs.base.fallback_and_limits import find_fallback_problem, find_limit_problems
from core.llms.configs.base.file_text import FileText, read_file
from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import CONFIG_REGISTRY, ConfigRegistry
from core.llms.configs.base.validation import find_problems
from core.llms.create import find_factory
from core.llms.errors import ConfigurationError
from core.llms.types.parameters import ALL_PARAMS

_TOP: Final = "models"
_FIELDS: Final = frozenset(item.name for item in fields(AliasDefinition)) - {"alias"}
_REQUIRED: Final = ("provider", "model")
_TEXTS: Final = ("provider", "model", "system_message", "api_key_env", "base_url", "description")
_TABLES: Final = ("parameters", "settings")
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_KEY_FIX: Final = "keys are kept in no file: name the environment variable that holds it, as `api_key_env`"


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing that is wrong in a file. `place` is the file and the line, `field` the keys that lead to it."""

    place: str
    field: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.field}: {self.problem}" if self.field else f"{self.place}: {self.problem}"


def load_configs(
    path: str | Path, *, registry: ConfigRegistry | None = None, replace: bool = False
) -> list[type[ProviderBaseConfig]]:
    """Register the aliases of a file; with `replace` also those that are registered already.

    Raises `ConfigurationError`, which says everything that is wrong: file, line, field, problem and fix. Then nothing
    is registered.
    """
    configs, problems = check_file(path)
    if problems:
        raise ConfigurationError("\n".join(map(str, problems)))
    into = CONFIG_REGISTRY if registry is None else registry
    try:
        into.register_all(configs, replace=replace)
    except ConfigurationError as error:
        raise ConfigurationError(f"{path}: {error.message}") from error
    return configs


def check_file(path: str | Path) -> tuple[list[type[ProviderBaseConfig]], list[FileProblem]]:
    """Read a file and check it, offline; nothing is registered.

    Return its configurations and what is wrong with them. Raises `ConfigurationError` where the file cannot be read.
    """
    text = read_file(Path(path))
    problems = [FileProblem(text.place(*keys), ".".join(keys), "is given twice") for keys in text.twice]
    configs: list[type[ProviderBaseConfig]] = []
    for alias, entry in _entries(text).items():
        found = list(_check_entry(alias, entry))
        if not found:
            config = define_config(AliasDefinition(alias=alias, **entry))
            found = [((_field_place(entry, name)), problem) for name, problem in find_problems(config()).items()]
            configs.append(config)
        for keys, problem in found:
            place = (_TOP, str(alias), *keys)
            problems.append(FileProblem(text.place(*place), ".".join(place), problem))
    return configs, problems


def _entries(text: FileText) -> Mapping[Any, Any]:
    if not isinstance(text.content, Mapping) or not isinstance(text.content.get(_TOP), Mapping):
        raise ConfigurationError(f"{text.path} holds no table `{_TOP}` with an entry for each alias")
    for name in text.content:
        if name != _TOP:
            raise ConfigurationError(f"{text.place(str(name))}: unknown table {name!r}; aliases stand under `{_TOP}`")
    entries: Mapping[Any, Any] = text.content[_TOP]
    return entries


def _field_place(entry: Mapping[str, Any], name: str) -> tuple[str, ...]:
    table = next((table for table in _TABLES if name in (entry.get(table) or ())), None)
    return (table, name) if table else (name,) if name in entry else ()


def _check_entry(alias: Any, entry: Any) -> Iterable[tuple[tuple[str, ...], str]]:
    """Find what is wrong with the form of an entry, by the keys that lead to it. No value is ever repeated."""
    if not isinstance(alias, str) or not alias.strip():
        yield (), "an alias must be a string; quote it"
        return
    if not isinstance(entry, Mapping):
        yield (), f"an alias needs a table with {' and '.join(_REQUIRED)}"
        return
    for name in _REQUIRED:
        if name not in entry:
            yield (), f"`{name}` is missing"
    for name, value in entry.items():
        if problem := _problem_of(str(name), value):
            yield (str(name),), problem
    yield from _check_tables(entry)
    if problem := find_fallback_problem(alias, entry.get("fallback", ())):
        yield ("fallback",), problem
    for keys, problem in find_limit_problems(entry.get("limits", {})):
        yield ("limits", *keys), problem
    if isinstance(entry.get("provider"), str):
        try:
            find_factory(entry["provider"])
        except ConfigurationError as error:
            yield ("provider",), error.message


def _problem_of(name: str, value: Any) -> str | None:
    if name in KEY_NAMES:
        return _KEY_FIX
    if name in ALL_PARAMS and name not in _FIELDS:
        return f"stands under `parameters`: parameters: {{{name}: …}}"
    if name not in _FIELDS:
        return unknown_field(name, set(_FIELDS))
    if name in _TEXTS and (not isinstance(value, str) or not value):
        return f"must be a string, not {type(value).__name__}" if not isinstance(value, str) else "must not be empty"
    if name == "api_key_env" and not _VARIABLE.fullmatch(value):
        return "must be the name of an environment variable, not the key itself"
    if name == "stream" and not isinstance(value, bool):
        return "must be true or false"
    if name in _TABLES and not isinstance(value, Mapping):
        return "must be a table"
    return None


def _check_tables(entry: Mapping[str, Any]) -> Iterable[tuple[tuple[str, ...], str]]:
    parameters, settings = (entry.get(table) for table in _TABLES)
    if isinstance(parameters, Mapping):
        for name in parameters:
            if name not in ALL_PARAMS and name != "provider_options":
                yield ("parameters", str(name)), unknown_field(str(name), {*ALL_PARAMS, "provider_options"})
    if isinstance(settings, Mapping):
        for name in settings:
            if name in KEY_NAMES:
                yield ("settings", str(name)), _KEY_FIX
