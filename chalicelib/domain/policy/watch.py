"""contractor.toml, [watch]: from which figures on the auditor is shown something."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.reading import duration
from chalicelib.domain.record.errors import PolicyError

FILE = "contractor.toml"
COUNTS = ("months", "least", "share", "dearer", "stops")


@dataclass(frozen=True, slots=True)
class Marks:
    """`share`, `dearer`: percent. What each means stands in the file."""

    months: int = 3
    least: int = 5
    share: int = 60
    dearer: int = 130
    within: timedelta = timedelta(days=30)
    stops: int = 3


def marks_of(policy: Policy) -> Marks:
    """The marks of a policy. Raises PolicyError."""
    return _read(policy.contractor)


@lru_cache(maxsize=16)
def _read(text: str) -> Marks:
    table = tomllib.loads(text).get("watch") if text else None
    if table is None:
        return Marks()
    numbers: dict[str, Any] = {}
    for name in COUNTS:
        found = table.get(name)
        if not isinstance(found, int) or isinstance(found, bool) or found < 1:
            raise PolicyError(f"{FILE}: watch.{name}: a whole number is needed, one at least")
        numbers[name] = found
    return Marks(**numbers, within=duration(table.get("within"), f"{FILE}: watch.within"))
