"""YAML as plain values with the line of each, and back. Only what JSON has, too: no tags, no references, no bombs."""

from __future__ import annotations

from math import inf, isfinite
from typing import Any, Final

import yaml

from core.llms.provider_config.transfer.secrecy import Keys

_DEEPEST: Final = 32
_TAG: Final = "tag:yaml.org,2002:"
# PyYAML reads these back as other ends of lines, unless they are escaped.
_BREAKS: Final = "\r\x85\u2028\u2029"
_SCALARS: Final = frozenset(f"{_TAG}{kind}" for kind in ("str", "int", "float", "bool", "null"))


class YamlProblem(Exception):
    """What is wrong with a text, where that is known by its line, and by the keys that lead to it."""

    def __init__(self, problem: str, line: int | None = None, keys: Keys = ()) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line
        self.keys = keys


class _Loader(yaml.SafeLoader):
    """Composes nodes: without references, which can multiply without end, and not too deep."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        line = 0 if event.start_mark is None else event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise YamlProblem("references (`*name`) are refused: say it again, or share rows by their names", line)
        if self._depth == _DEEPEST:
            raise YamlProblem(f"it is nested deeper than {_DEEPEST} levels", line)
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


def parse_yaml(text: str) -> tuple[Any, dict[Keys, int]]:
    """Return the values of a text, and the line of each key. Raises `YamlProblem`."""
    lines: dict[Keys, int] = {}
    loader = None
    try:
        # Already what is no text at all is found here.
        loader = _Loader(text)
        node = loader.get_single_node()
        return None if node is None else _value(loader, node, (), lines), lines
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
        raise YamlProblem(f"it is no YAML: {problem}", None if mark is None else mark.line + 1) from error
    finally:
        if loader is not None:
            loader.dispose()


def _value(loader: _Loader, node: yaml.Node, keys: Keys, lines: dict[Keys, int]) -> Any:
    line = node.start_mark.line + 1
    match node:
        case yaml.ScalarNode() if node.tag in _SCALARS:
            return _scalar(loader, node, keys, line)
        case yaml.SequenceNode() if node.tag == f"{_TAG}seq":
            return [_value(loader, inner, (*keys, str(index)), lines) for index, inner in enumerate(node.value)]
        case yaml.MappingNode() if node.tag == f"{_TAG}map":
            return _mapping(loader, node, keys, lines)
        case yaml.ScalarNode() if node.tag.startswith(_TAG):
            raise YamlProblem(f"it is read as a {node.tag.removeprefix(_TAG)}; put it in quotes", line, keys)
    raise YamlProblem(f"tags, as {node.tag}, are refused; leave it out", line, keys)


def _scalar(loader: _Loader, node: yaml.ScalarNode, keys: Keys, line: int) -> Any:
    try:
        value = loader.construct_object(node)
    except (ValueError, OverflowError, KeyError):
        # Too many digits, or a tag that says what the text is not.
        raise YamlProblem("it is no value of its kind; put a text in quotes", line, keys) from None
    if isinstance(value, float) and not isfinite(value):
        raise YamlProblem("it is no finite number", line, keys)
    return value


def _mapping(loader: _Loader, node: yaml.MappingNode, keys: Keys, lines: dict[Keys, int]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, inner in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or key.tag != f"{_TAG}str":
            raise YamlProblem("a name must be a text; put it in quotes", line, keys)
        own = (*keys, key.value)
        if key.value in values:
            raise YamlProblem("it is given twice", line, own)
        lines[own] = line
        values[key.value] = _value(loader, inner, own, lines)
    return values


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as such, so that a change of one line is one."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        style = "|" if "\n" in text else None
        return self.represent_scalar(f"{_TAG}str", text, style='"' if any(each in text for each in _BREAKS) else style)

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(str, _Dumper.represent_text)


def render_yaml(content: Any) -> str:
    """Write values as YAML, in their order."""
    text: str = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=inf)
    return text
