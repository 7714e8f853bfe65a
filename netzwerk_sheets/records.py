"""Dataclasses with slots whose classes are made in a quarter of the time.

The standard library compiles up to six functions for every class; for the hundred and fifty classes of a sync that was
half of what starting it took. Here one is compiled, `__init__`, which sets each slot through its own descriptor: that
makes a record in two thirds of the time, too. Comparing, hashing, showing and refusing are written once for all.

To everybody who uses them, and to the type checker, they are the dataclasses of the standard library.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, FrozenInstanceError
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass

    Record = Any

__all__ = ["dataclass"]

if not TYPE_CHECKING:

    def dataclass(*, frozen: bool = False, slots: bool = False, eq: bool = True) -> Callable[[type], type]:
        """Make a class a dataclass; see `dataclasses.dataclass`. What has no slots is left to that."""
        if not slots or not eq:
            return dataclasses.dataclass(frozen=frozen, slots=slots, eq=eq)
        return lambda cls: _made(cls, frozen=frozen)


def _made(cls: type, *, frozen: bool) -> type:
    own = set(vars(cls))
    made: type = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    fields = dataclasses.fields(made)
    values = _values(tuple(each.name for each in fields if each.compare))
    methods: dict[str, Any] = {
        "__init__": _init(made, fields),
        "__repr__": _repr,
        "__eq__": _eq(values),
        "__hash__": None,
    }
    if frozen:
        methods |= {"__hash__": lambda record: hash(values(record)), "__setattr__": _refuse, "__delattr__": _refuse}
        methods |= {"__getstate__": _state, "__setstate__": _restore}
    for name, method in methods.items():
        if name not in own:
            setattr(made, name, method)
    return made


def _init(cls: type, fields: tuple[dataclasses.Field[Any], ...]) -> Callable[..., None]:
    """Compile what makes a record: for each field its slot, and what it holds where nothing is given."""
    known: dict[str, Any] = {"missing": MISSING}
    arguments, lines = [], []
    for number, each in enumerate(fields):
        value = each.name
        default = ""
        if each.default_factory is not MISSING:
            known[f"make{number}"], default = each.default_factory, "=missing"
            value = f"make{number}() if {each.name} is missing else {each.name}" if each.init else f"make{number}()"
        elif each.default is not MISSING:
            known[f"default{number}"], default = each.default, f"=default{number}"
            value = each.name if each.init else f"default{number}"
        if each.init:
            arguments.append(f", {each.name}{default}")
        if each.init or default:
            known[f"set{number}"] = getattr(cls, each.name).__set__
            lines.append(f"set{number}(self, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    exec(f"def __init__(self{''.join(arguments)}):\n " + "\n ".join(lines or ["pass"]), known)  # noqa: S102 - names only
    init: Callable[..., None] = known["__init__"]
    init.__annotations__ = {each.name: each.type for each in fields if each.init} | {"return": None}
    init.__module__, init.__qualname__ = cls.__module__, f"{cls.__qualname__}.__init__"
    return init


def _values(names: tuple[str, ...]) -> Callable[[Record], tuple[Any, ...]]:
    """Give the function that takes the values out of a record which are compared."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple(getattr(record, name) for name in names)


def _eq(values: Callable[[Record], tuple[Any, ...]]) -> Callable[[Record, object], bool]:
    def same(record: Record, other: object) -> bool:
        return values(record) == values(other) if other.__class__ is record.__class__ else NotImplemented

    return same


def _repr(record: Record) -> str:
    shown = (f"{each.name}={getattr(record, each.name)!r}" for each in dataclasses.fields(record) if each.repr)
    return f"{type(record).__qualname__}({', '.join(shown)})"


def _refuse(_record: Record, name: str, *_value: object) -> None:
    raise FrozenInstanceError(f"cannot change field {name!r}")


def _state(record: Record) -> list[Any]:
    return [getattr(record, each.name) for each in dataclasses.fields(record)]


def _restore(record: Record, state: list[Any]) -> None:
    for each, value in zip(dataclasses.fields(record), state, strict=True):
        object.__setattr__(record, each.name, value)
