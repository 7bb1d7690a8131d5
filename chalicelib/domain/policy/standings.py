"""scores.toml, [subsidiary]: the rules by which a subsidiary's month gains and loses points, and what follows."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from chalicelib.domain.measures.measure import MEASURES
from chalicelib.domain.measures.subsidiary import HAPPENED, Consequence, Plan, Rule
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.errors import PolicyError

FILE = "scores.toml"


def plan_of(policy: Policy) -> Plan:
    """The rules of a policy; of versions that were kept before there were any, none. Raises PolicyError."""
    return _read(policy.scores)


@lru_cache(maxsize=16)
def _read(text: str) -> Plan:
    table = tomllib.loads(text).get("subsidiary") if text else None
    if table is None:
        return Plan()
    rewards, penalties = table.get("reward", ()), table.get("penalty", ())
    return Plan(
        plan=_tenths(table, "plan", "subsidiary"),
        floor=_decimal(table, "floor", "subsidiary"),
        cap=_decimal(table, "cap", "subsidiary"),
        rules=tuple(_rule(row, n) for n, row in enumerate(table.get("rule", ()), 1)),
        consequences=(
            *(_consequence(row, True, f"reward {n}") for n, row in enumerate(rewards, 1)),
            *(_consequence(row, False, f"penalty {n}") for n, row in enumerate(penalties, 1)),
        ),
    )


def _rule(row: Mapping[str, Any], n: int) -> Rule:
    where, of = f"rule {n}", row.get("of")
    measured = of in MEASURES and MEASURES[str(of)].unit == "share"
    if not isinstance(row.get("name"), str) or not (measured or of in HAPPENED):
        raise PolicyError(f"{FILE}: {where}: a name, and of which share or happening it is")
    step = row.get("step", 0)
    if not isinstance(step, int) or isinstance(step, bool) or (step < 1) is measured:
        raise PolicyError(f"{FILE}: {where}.step: whole percentage points, for a measure alone")
    better = _tenths(row, "better", where) if measured else 0
    return Rule(row["name"], str(of), step, better, _tenths(row, "worse", where), _tenths(row, "most", where))


def _consequence(row: Mapping[str, Any], reward: bool, where: str) -> Consequence:
    rank = row.get("rank", 0)
    if not isinstance(row.get("name"), str) or not isinstance(rank, int) or isinstance(rank, bool) or rank < 0:
        raise PolicyError(f"{FILE}: {where}: a name, and the rank as a whole number where there is one")
    return Consequence(row["name"], reward, _tenths(row, "total", where), rank)


def _decimal(row: Mapping[str, Any], name: str, where: str) -> Decimal:
    written = row.get(name)
    try:
        found = Decimal(written) if isinstance(written, str) else Decimal(-1)
    except InvalidOperation:
        found = Decimal(-1)
    if not found.is_finite() or found < 0:
        raise PolicyError(f'{FILE}: {where}.{name}: a number in quotes is needed, such as "0.5"')
    return found


def _tenths(row: Mapping[str, Any], name: str, where: str) -> int:
    """Points as whole tenths."""
    found = _decimal(row, name, where) * 10
    if found != found.to_integral_value():
        raise PolicyError(f"{FILE}: {where}.{name}: tenths of a point at the finest")
    return int(found)
