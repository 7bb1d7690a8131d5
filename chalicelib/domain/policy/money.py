"""money.toml: limits of deductions, the time that each step may take, who is told of it. Raises PolicyError."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any

from chalicelib.domain.policy.calendars import COUNTS
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.reading import duration
from chalicelib.domain.policy.telling import Telling, Vocabulary, read_tellings
from chalicelib.domain.record.errors import PolicyError

FILE = "money.toml"
HANDS = frozenset({"office", "contractor", "finance"})
RECIPIENTS = frozenset({"office", "contractor", "finance", "approver", "turn", "level"})
LINKS = frozenset({"deduction", "none"})


@dataclass(frozen=True, slots=True)
class MoneyClock:
    """The clock of some states: whose turn it is, how long it may take, by which hours, the levels after it."""

    name: str
    states: frozenset[str]
    hands: str
    within: timedelta
    counts: str = "always"
    levels: tuple[tuple[int, timedelta], ...] = ()


@dataclass(frozen=True, slots=True)
class MoneyPolicy:
    """`limit`: fen that one person may approve of one contractor and third party within `limit_within`.

    `penalty_warn`: percent of what a fault cost. `objection_days`: where the contract names none.
    """

    limit: int = 0
    limit_within: timedelta = timedelta(days=30)
    penalty_warn: int = 130
    objection_days: int = 7
    clocks: Mapping[str, MoneyClock] = field(default_factory=dict)
    tellings: Mapping[str, tuple[Telling, ...]] = field(default_factory=dict)

    def clock_in(self, state: str) -> MoneyClock | None:
        """The clock that runs in a state."""
        return next((one for one in self.clocks.values() if state in one.states), None)


def money_of(policy: Policy) -> MoneyPolicy:
    """The numbers of a policy; of versions that were kept before there was such a file, those of an empty one."""
    return _read(policy.money)


@lru_cache(maxsize=16)
def _read(text: str) -> MoneyPolicy:
    if not text:
        return MoneyPolicy()
    try:
        file = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise PolicyError(f"{FILE}: {fault}") from fault
    clocks = {name: _clock(name, row) for name, row in file.get("clock", {}).items()}
    return MoneyPolicy(
        limit=_whole(file, "limit"),
        limit_within=duration(file.get("limit_within"), f"{FILE}: limit_within"),
        penalty_warn=_whole(file, "penalty_warn"),
        objection_days=_whole(file, "objection_days"),
        clocks=clocks,
        tellings=read_tellings(file, clocks, Vocabulary(FILE, None, RECIPIENTS, LINKS)),
    )


def _whole(file: Mapping[str, Any], name: str) -> int:
    found = file.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or found <= 0:
        raise PolicyError(f"{FILE}: {name}: a whole number, one at least")
    return found


def _clock(name: str, row: Mapping[str, Any]) -> MoneyClock:
    where = f"{FILE}: clock.{name}"
    if row.get("hands") not in HANDS or row.get("counts", "always") not in COUNTS:
        raise PolicyError(f"{where}: hands and counts are needed, from the lists in the file")
    levels = tuple((int(level), duration(after, f"{where}.levels")) for level, after in row.get("levels", ()))
    return MoneyClock(
        name,
        frozenset(row.get("states", ())),
        row["hands"],
        duration(row.get("within"), f"{where}.within"),
        row.get("counts", "always"),
        levels,
    )
