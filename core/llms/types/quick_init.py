"""A quicker `__init__` for the frozen values that every call makes several of. It changes nothing else about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from typing import Any, TypeVar

T = TypeVar("T")
_MADE = type("_Made", (), {"__slots__": (), "__repr__": lambda self: "<factory>"})()


def quick_init(cls: type[T]) -> type[T]:
    """Fill the slots of a frozen dataclass by their own descriptors, at half the cost a field.

    `dataclass(frozen=True)` sets each field by `object.__setattr__`, which looks the slot up by its name every time.
    Goes above `@dataclass(frozen=True, slots=True)`; signature, defaults and `__post_init__` stay as they were. Raises
    `TypeError` for a class without slots and for fields that are `kw_only` or not in the signature.
    """
    lines, names = [], {"_made": _MADE}
    parameters = ["self"]
    for field in fields(cls):  # type: ignore[arg-type]  # a dataclass, or `fields` raises TypeError
        if not field.init or field.kw_only:
            raise TypeError(f"{cls.__name__}.{field.name} cannot be given by position, and is not filled quickly")
        names[f"_set_{field.name}"] = _slot_setter(cls, field.name)
        parameters.append(field.name + _default(field, names))
        made = field.default_factory is not MISSING
        value = f"_make_{field.name}() if {field.name} is _made else {field.name}" if made else field.name
        lines.append(f"    _set_{field.name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("    self.__post_init__()")
    source = f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines)
    exec(source, names)  # noqa: S102 - names of fields alone, as `dataclasses` itself does
    _replace_init(cls, names["__init__"])
    return cls


def _slot_setter(cls: type, name: str) -> Callable[[Any, Any], None]:
    setter: Callable[[Any, Any], None] | None = getattr(getattr(cls, name, None), "__set__", None)
    if setter is None:
        raise TypeError(f"{cls.__name__}.{name} is not a slot: the dataclass needs `slots=True`")
    return setter


def _default(field: Field[Any], names: dict[str, Any]) -> str:
    if field.default_factory is not MISSING:
        names[f"_make_{field.name}"] = field.default_factory
        return "=_made"
    if field.default is not MISSING:
        names[f"_default_{field.name}"] = field.default
        return f"=_default_{field.name}"
    return ""


def _replace_init(cls: type, quick: Any) -> None:
    plain: Any = cls.__dict__["__init__"]
    quick.__annotations__, quick.__qualname__, quick.__module__ = (
        plain.__annotations__,
        plain.__qualname__,
        cls.__module__,
    )
    cls.__init__ = quick  # type: ignore[misc]  # the method itself, on the class
