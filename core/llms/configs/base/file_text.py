"""YAML and TOML as values with the line that each is on. What the values mean is not known here."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from core.llms.errors import ConfigurationError

_YAML: Final = (".yaml", ".yml")
_TOML: Final = ".toml"
# Deeper than this nobody asks for a line; a file whose references multiply is not walked to its end.
_DEPTH: Final = 4
Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileText:
    """The content of a file, and the line of each key, by the keys that lead to it. `twice` has keys given twice."""

    path: Path
    content: Any
    lines: Mapping[Place, int] = field(default_factory=dict)
    twice: tuple[Place, ...] = ()

    def place(self, *keys: str) -> str:
        """Name the file and the line of a key, or of the nearest key above it that has one."""
        for length in range(len(keys), 0, -1):
            line = self.lines.get(keys[:length])
            if line is not None:
                return f"{self.path}:{line}"
        return str(self.path)


def read_file(path: Path) -> FileText:
    """Read a `.yaml`, `.yml` or `.toml` file. Raises `ConfigurationError`, which names the file and the line."""
    suffix = path.suffix.lower()
    if suffix not in (_TOML, *_YAML):
        raise ConfigurationError(f"aliases are read from .yaml, .yml and .toml files, not from {path.name!r}")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from error
    return _read_toml(path, text) if suffix == _TOML else _read_yaml(path, text)


def _read_toml(path: Path, text: str) -> FileText:
    try:
        return FileText(path, tomllib.loads(text), _toml_lines(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path} is no TOML: {error}") from error


_TABLE = re.compile(r"^\s*\[([^\[\]]+)\]\s*$")
_NAME = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_KEY = re.compile(rf"^\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=")
_PART = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*(?:\.|$)""")
# Texts of several lines, those of one, and comments: what reads like a key or a table inside them is none.
_QUOTED = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'|#[^\n]*", re.DOTALL
)


def _toml_lines(text: str) -> dict[Place, int]:
    """Find the lines of tables and of the keys in them; those inside inline tables are not told apart."""
    lines: dict[Place, int] = {}
    table: Place = ()
    for number, line in enumerate(_QUOTED.sub(_blank, text).split("\n"), 1):
        if head := _TABLE.match(line):
            table = place = _split(head[1])
        elif key := _KEY.match(line):
            place = (*table, *_split(key[1]))
        else:
            continue
        for length in range(1, len(place) + 1):
            lines.setdefault(place[:length], number)
    return lines


def _blank(quoted: re.Match[str]) -> str:
    """Keep what may be a key, and of all else the line ends."""
    text = quoted[0]
    return "\n" * text.count("\n") if text.startswith(("#", '"""', "'''")) else text


def _split(name: str) -> Place:
    return tuple(
        next(part for part in match.groups("") if part) for match in _PART.finditer(name) if any(match.groups())
    )


def _read_yaml(path: Path, text: str) -> FileText:
    try:
        import yaml
    except ModuleNotFoundError as error:
        raise ConfigurationError("YAML files need PyYAML: pip install 'core-llms[yaml]'") from error
    loader = yaml.SafeLoader(text)
    lines: dict[Place, int] = {}
    twice: list[Place] = []
    try:
        node = loader.get_single_node()
        _walk(node, (), lines, twice)
        content = None if node is None else loader.construct_document(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = str(path) if mark is None else f"{path}:{mark.line + 1}"
        raise ConfigurationError(f"{place}: no YAML: {getattr(error, 'problem', error)}") from error
    finally:
        loader.dispose()
    return FileText(path, content, lines, tuple(twice))


def _walk(node: Any, place: Place, lines: dict[Place, int], twice: list[Place]) -> None:
    """Note the line of each key before PyYAML makes a dict of it, which forgets a key that stands there twice."""
    if getattr(node, "id", None) != "mapping" or len(place) >= _DEPTH:
        return
    for key, value in node.value:
        if key.id == "scalar":
            inner = (*place, str(key.value))
            if inner in lines:
                twice.append(inner)
            lines[inner] = key.start_mark.line + 1
            _walk(value, inner, lines, twice)
