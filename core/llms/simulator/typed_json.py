"""JSON read into typed fields as a server written in Go reads it: unknown fields passed over, nulls left out.

A shape is a table of fields; a type is written `string`, `bool`, `int`, `float`, `object` (free keys), `any`, the name
of another shape, `[X]` for a list, `{X}` for a map, and `A|B` for either. Knows no endpoint and no vendor's words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    Shapes = Mapping[str, Mapping[str, str]]

_LARGEST = 2**63


class MistypedError(Exception):
    """A value of another type than its field's: where, in which shape and field, what it should be, what it is."""

    def __init__(self, path: str, owner: str, field: str, kind: str, found: str) -> None:
        super().__init__(f"{path}: {found} is no {kind}")
        self.path = path
        self.owner = owner
        self.field = field
        self.kind = kind
        self.found = found


def read_typed(value: Any, shape: str, shapes: Shapes, *, fold_case: bool = False) -> dict[str, Any]:
    """The known fields of an object. `fold_case` takes a name in any case, as Go does. Raises: MistypedError."""
    read: dict[str, Any] = _Reader(shapes, fold_case).value(value, shape, ("", "", ""))
    return read


def noun_of(value: Any) -> str:
    """How Go's decoder names the type of a JSON value."""
    match value:
        case bool():
            return "bool"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"
        case int() | float():
            return "number"
    return "null"


class _Reader:
    def __init__(self, shapes: Shapes, fold_case: bool) -> None:
        self._shapes = shapes
        self._fold_case = fold_case

    def value(self, value: Any, kind: str, place: tuple[str, str, str]) -> Any:
        """A value as `kind`; `place` is its path, the shape that owns it and the field's name there.

        A null in a list or a map, where a field cannot be left out, is the empty value of its type.
        """
        if value is None:
            return self._empty(kind)
        chosen = next((option for option in kind.split("|") if self._fits(value, option)), None)
        if chosen is None:
            raise MistypedError(*place, kind, _described(value))
        path, owner, field = place
        if chosen.startswith("["):
            return [self.value(member, chosen[1:-1], (f"{path}[{i}]", owner, field)) for i, member in enumerate(value)]
        if chosen.startswith("{"):
            return {
                key: self.value(member, chosen[1:-1], (f"{path}.{key}", owner, field)) for key, member in value.items()
            }
        return self._object(value, chosen, path) if chosen in self._shapes else value

    def _object(self, value: dict[str, Any], shape: str, path: str) -> dict[str, Any]:
        read = {}
        for key, member in value.items():
            name = self._field(key, shape)
            if name is not None and member is not None:
                inner = f"{path}.{name}" if path else name
                read[name] = self.value(member, self._shapes[shape][name], (inner, shape, name))
        return read

    def _field(self, key: str, shape: str) -> str | None:
        fields = self._shapes[shape]
        if key in fields or not self._fold_case:
            return key if key in fields else None
        return next((name for name in fields if name.lower() == key.lower()), None)

    def _empty(self, kind: str) -> Any:
        if kind in self._shapes:
            return {}
        return {"string": "", "bool": False, "int": 0, "float": 0.0}.get(kind)

    def _fits(self, value: Any, kind: str) -> bool:
        if kind == "any":
            return True
        if kind.startswith("["):
            return isinstance(value, list)
        if kind.startswith("{") or kind == "object" or kind in self._shapes:
            return isinstance(value, dict)
        match kind:
            case "string":
                return isinstance(value, str)
            case "bool":
                return isinstance(value, bool)
            case "int":
                return isinstance(value, int) and not isinstance(value, bool) and -_LARGEST <= value < _LARGEST
        return isinstance(value, int | float) and not isinstance(value, bool)


def _described(value: Any) -> str:
    """The noun of a value; a number is told with its digits where only they can be wrong."""
    noun = noun_of(value)
    return f"number {value}" if noun == "number" and (isinstance(value, float) or abs(value) >= _LARGEST) else noun
