"""The policy of a place: the files that ship, the project's overrides, the holidays that were loaded."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from chalicelib.adapters import policies
from chalicelib.domain.policy.overrides import Schedules, apply, with_years
from chalicelib.domain.policy.policy import Policy
from chalicelib.store import rules

KEEP_SECONDS = 60
NOWHERE: Mapping[str, str] = {}  # where no place is known yet: what holds for the whole group
_kept: dict[str, tuple[float, Policy]] = {}
_made: dict[tuple[str, str], Policy] = {}


def policy_for(place: Mapping[str, str]) -> Policy:
    """The numbers that hold at a place (as a ticket keeps it), at most a minute old; one read when older.

    Nobody reads numbers by any other way. The same object as long as nothing changed. Raises PolicyError.
    """
    project = place.get("project", "")
    kept = _kept.get(project)
    if kept and time.monotonic() - kept[0] < KEEP_SECONDS:
        return kept[1]
    texts = rules.read(project)
    if texts not in _made:
        _made[texts] = _make(*texts)
    _kept[project] = (time.monotonic(), _made[texts])
    return _made[texts]


def held_now(projects: Iterable[str]) -> Callable[[Mapping[str, str]], Policy]:
    """`policy_for` as it answers at this moment, for whoever compares afterwards."""
    forget()
    held = {project: policy_for({"project": project}) for project in projects}
    return lambda place: held.get(place.get("project", "")) or policy_for(place)


def forget() -> None:
    """Read anew."""
    _kept.clear()


def schedules() -> Schedules:
    """The holiday schedules that hold now, loaded ones before those that ship. One read."""
    return with_years(policies.schedules(), rules.SCHEDULE, rules.years(rules.read("")[1]))


def _make(overrides: str, holidays: str) -> Policy:
    if not overrides and not holidays:
        return policies.policy()
    base = policies.policy()
    if holidays:
        key = ("", holidays)
        if key not in _made:
            merged = with_years(policies.schedules(), rules.SCHEDULE, rules.years(holidays))
            _made[key] = policies.read(policies.FOLDER, merged)
        base = _made[key]
    return apply(base, rules.overrides(overrides))
