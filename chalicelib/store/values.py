"""A value of the domain as a body keeps it, and back: by the types of its fields, without what is as it is by default.

in the domain                   in a body
dataclass                       object, by the names of its fields
date, timedelta                 "2019-05-20", whole seconds
enum                            its value
tuple, frozenset                list; that of a set in order
mapping                         object
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def plain(value: Any) -> Any:
    """What JSON can hold of a value."""
    if is_dataclass(value):
        said = ((f, getattr(value, f.name)) for f in fields(value))
        return {f.name: plain(part) for f, part in said if not _by_default(f, part)}
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in sorted(value.items())}
    if isinstance(value, frozenset):
        return sorted(plain(part) for part in value)
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    return value.isoformat() if isinstance(value, date) else value


def _by_default(f: Field[Any], part: Any) -> bool:
    if f.default_factory is not MISSING:
        return bool(part == f.default_factory())
    return f.default is not MISSING and part == f.default


def made(cls: type[T], body: Mapping[str, Any]) -> T:
    """The value that `plain` wrote; fields that it doesn't know yet have their defaults, those of another time go."""
    hints = _hints(cast("Hashable", cls))
    return cls(**{name: _part(hints[name], part) for name, part in body.items() if name in hints})


@cache
def _hints(cls: Hashable) -> Mapping[str, Any]:
    return get_type_hints(cls)


def _part(hint: Any, raw: Any) -> Any:
    if raw is None:
        return None
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (tuple, frozenset):
        return origin(_part(inner[0], part) for part in raw)
    if origin is Mapping:
        return {key: _part(inner[1], part) for key, part in raw.items()}
    if NoneType in inner:
        return _part(next(kind for kind in inner if kind is not NoneType), raw)
    if is_dataclass(hint) and isinstance(hint, type):
        return made(hint, raw)
    if hint is date:
        return date.fromisoformat(raw)
    if hint is timedelta:
        return timedelta(seconds=raw)
    return hint(raw) if isinstance(hint, type) and issubclass(hint, Enum) else raw
