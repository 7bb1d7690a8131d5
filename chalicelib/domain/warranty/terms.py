"""Until when a flat is under warranty, by what it is about: the legal minimum, before any contract.

contractor's   developer ← contractor, from completion acceptance
owner's        owner ← developer, from handover; never shorter than what is left of the contractor's
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.time.periods import MonthDay, Workday, period_end, season_end

Season = tuple[MonthDay, MonthDay]  # begins, ends; perhaps in the next year


@dataclass(frozen=True, slots=True)
class Rule:
    """A legal term. In months, or in whole seasons where there is a `season`, which is called `of`."""

    name: str
    contractor: int
    owner: int
    components: tuple[str, ...]
    season: Season | None = None
    of: str = ""

    def in_city(self, seasons: Mapping[str, Season]) -> Rule:
        """The same with the dates of a city, where it has its own."""
        return replace(self, season=seasons.get(self.of, self.season)) if self.season else self

    def contractors(self, accepted: date | None, works: Workday | None) -> date | None:
        """The last day of the contractor's term; None before the acceptance is known."""
        return self._end(self.contractor, accepted, works)

    def owners(self, handed: date | None, works: Workday | None) -> date | None:
        """The last day of the owner's term by the table alone."""
        return self._end(self.owner, handed, works)

    def _end(self, length: int, start: date | None, works: Workday | None) -> date | None:
        if start is None:
            return None
        if self.season:
            return season_end(start, length, *self.season, workdays=works)
        return period_end(start, months=length, workdays=works)


def rule_of(rules: Sequence[Rule], category: str, component: str) -> Rule | None:
    """The term that a component falls under; None where the law names none."""
    return next((rule for rule in rules if f"{category}/{component}" in rule.components), None)


def read_rules(file: Mapping[str, Any], known: frozenset[str]) -> tuple[Rule, ...]:
    """warranty.toml. `known`: every category/component there is. Raises PolicyError."""
    seasons = {name: _season(name, row) for name, row in file.get("seasons", {}).items()}
    return tuple(_rule(name, row, seasons, known) for name, row in file.get("term", {}).items())


def _rule(name: str, row: Mapping[str, Any], seasons: Mapping[str, Season], known: frozenset[str]) -> Rule:
    where = f"warranty.toml: term.{name}"
    lengths: Mapping[str, Any] = row.get("seasons", row)
    contractor, owner, of = lengths.get("contractor"), lengths.get("owner"), lengths.get("of", "")
    if not isinstance(contractor, int) or not isinstance(owner, int) or min(contractor, owner) < 1:
        raise PolicyError(f"{where}: contractor and owner are needed, whole numbers from 1")
    if "seasons" in row and of not in seasons:
        raise PolicyError(f"{where}.seasons.of: no season named {of!r}")
    components = tuple(row.get("components", ()))
    if strangers := set(components) - known:
        raise PolicyError(f"{where}.components: no component named {min(strangers)!r}")
    return Rule(name, contractor, owner, components, seasons.get(of), of)


def _season(name: str, row: Any) -> Season:
    try:
        (month, day), (to_month, to_day) = (tuple(map(int, text.split("-"))) for text in row)
        date(2024, month, day), date(2024, to_month, to_day)
    except (TypeError, ValueError, AttributeError) as fault:
        raise PolicyError(f"warranty.toml: seasons.{name}: two days such as 11-15 are needed") from fault
    return (month, day), (to_month, to_day)
