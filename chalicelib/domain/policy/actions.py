"""actions.toml: how long an improvement action may take, when its doer is reminded, and who is told."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.reading import duration
from chalicelib.domain.policy.telling import Telling, Vocabulary, read_tellings
from chalicelib.domain.record.errors import PolicyError

FILE = "actions.toml"


@dataclass(frozen=True, slots=True)
class Terms:
    """`remind`: parts of its time after which whoever does it is reminded."""

    longest: timedelta = timedelta(days=365)
    remind: tuple[float, ...] = (0.5, 0.8)
    tellings: Mapping[str, tuple[Telling, ...]] = field(default_factory=dict)


def terms_of(policy: Policy) -> Terms:
    """The terms of a policy. Raises PolicyError."""
    return _read(policy.actions)


@lru_cache(maxsize=16)
def _read(text: str) -> Terms:
    if not text:
        return Terms()
    file = tomllib.loads(text)
    table = file.get("action")
    if not isinstance(table, dict):
        raise PolicyError(f"{FILE}: action: a table is needed")
    parts = table.get("remind")
    if not isinstance(parts, list) or not all(type(part) is int and 0 < part < 100 for part in parts):
        raise PolicyError(f"{FILE}: action.remind: whole numbers of percent below 100 are needed")
    known = Vocabulary(
        FILE, None, frozenset({"doer", "planner", "level", "managers"}), frozenset({"action", "month", "none"})
    )
    return Terms(
        longest=duration(table.get("longest"), f"{FILE}: action.longest"),
        remind=tuple(part / 100 for part in sorted(parts)),
        tellings=read_tellings(file, {}, known),
    )
