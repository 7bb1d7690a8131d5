"""measures.toml, [gaming]: from which figures on somebody stands out in what would betray a score."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import lru_cache

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.errors import PolicyError

FILE = "measures.toml"


@dataclass(frozen=True, slots=True)
class Marks:
    """What each means stands in the file. `times`, `longer`: percent of the others' share."""

    months: int = 3
    least: int = 30
    few: int = 8
    times: int = 200
    points: int = 25
    sigma: int = 5
    longer: int = 150
    flats: int = 4


def marks_of(policy: Policy) -> Marks:
    """The marks of a policy; of versions that were kept before it had any, the usual ones."""
    return _read(policy.measures)


@lru_cache(maxsize=16)
def _read(text: str) -> Marks:
    table = tomllib.loads(text).get("gaming") if text else None
    if table is None:
        return Marks()
    numbers: dict[str, int] = {}
    for field in fields(Marks):
        found = table.get(field.name)
        if not isinstance(found, int) or isinstance(found, bool) or found < 1:
            raise PolicyError(f"{FILE}: gaming.{field.name}: a whole number is needed, one at least")
        numbers[field.name] = found
    return Marks(**numbers)
