"""The numbers that hold: the files that ship, the project's overrides, the holidays that were loaded. The only reader.

policy_for(place)     the numbers of a place now
everywhere()          what no place has its own of: categories, the words of triage
policy_of(record)     the numbers that a record is judged by: those of its place, or those that it closed under
judged_by(record)     the same, and whether they are known
note()                keeps the content of what ships under its version, so that it can be known later
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from chalicelib.adapters import policies
from chalicelib.adapters.log import logger
from chalicelib.adapters.metrics import ring
from chalicelib.domain.policy.calendars import Schedules
from chalicelib.domain.policy.overrides import apply, with_years
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.versions import mark, parts
from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.time import periods
from chalicelib.domain.time.periods import Workday
from chalicelib.services.recent import Recent
from chalicelib.store import rules

if TYPE_CHECKING:
    from chalicelib.domain.warranty.causes import Cause
    from chalicelib.domain.warranty.terms import Rule
from chalicelib.store.reading import FAULTS

NOWHERE: Mapping[str, str] = {}  # where no place is known yet: what holds for the whole group
_kept: Recent[Policy] = Recent(seconds=60, most=500)
_holidays: Recent[str] = Recent(seconds=60, most=1)
_workdays: Recent[Workday] = Recent(seconds=math.inf, most=2)  # by the text of the holidays
_made: Recent[Policy] = Recent(seconds=math.inf, most=500)  # by the texts that they are made of
_old: Recent[Policy | None] = Recent(seconds=math.inf, most=64)
_noted: set[str] = set()


class Judged(Protocol):
    """What numbers are asked for. `closed_under`: the version of its closing event; None while it is open."""

    @property
    def place(self) -> Mapping[str, str]: ...

    @property
    def closed_under(self) -> str | None: ...


def policy_for(place: Mapping[str, str]) -> Policy:
    """The numbers that hold at a place (as a record keeps it), at most a minute old; one read when older.

    Nobody reads numbers by any other way. The same object as long as nothing changed. Raises PolicyError.
    """
    project = place.get("project", "")

    def read() -> Policy:
        texts = rules.read(project)
        _holidays.put("", texts[1])
        return _made.get(texts, lambda: _make(*texts))

    return _kept.get(project, read)


def everywhere() -> Policy:
    """Categories, components, the words of triage: the same at every place. No call; its clocks are nobody's."""
    return policies.policy()


def policy_of(record: Judged) -> Policy:
    """The numbers that a record is judged by; today's where those that it closed under are not known."""
    return judged_by(record)[0]


def judged_by(record: Judged) -> tuple[Policy, bool]:
    """The numbers that a record is judged by, and whether they are the right ones.

    No call while it is open, or closed under what holds now; else one for each old version, which is remembered.
    """
    now, under = policy_for(record.place), record.closed_under
    if under is None or under == now.version:
        return now, True
    then = version_named(under)
    return (then, True) if then else (now, False)


def version_named(version: str) -> Policy | None:
    """The numbers that were called so; None where their content was never kept. One read, then remembered."""
    return _old.get(version, lambda: next((p for p in _made if p.version == version), None) or _read(version))


def _read(version: str) -> Policy | None:
    names = parts(version)
    kept = rules.kept(names) if names else {}
    if not names or set(names) - kept.keys():
        return None
    loaded = next((name for name in names if name[0] == "~"), "")
    adjusted = next((name for name in names if name[0] == "+"), "")
    try:
        years = {rules.SCHEDULE: rules.years(kept[loaded])} if loaded else {}
        made = _named(policies.remade(kept[names[0]], years), loaded)
        made = apply(made, rules.overrides(kept[adjusted])) if adjusted else made
    except (
        PolicyError,
        *FAULTS,
    ) as fault:  # written by rules of another time, which today's reader does not understand
        logger.error("an old policy can't be read", extra={"policy": version, "fault": str(fault)})
        return None
    return made


def note() -> bool:
    """Keep what the version that ships means, unless this process knows that it is kept; whether it wrote."""
    version = policies.policy().version
    if version in _noted:
        return False
    rules.keep(version, policies.content())
    _noted.add(version)
    return True


def held_now(projects: Iterable[str]) -> Callable[[Mapping[str, str]], Policy]:
    """`policy_for` as it answers at this moment, for whoever compares afterwards."""
    forget()
    held = {project: policy_for({"project": project}) for project in projects}
    return lambda place: held.get(place.get("project", "")) or policy_for(place)


def forget() -> None:
    """Read anew."""
    _kept.forget()
    _holidays.forget()
    _old.forget()
    _noted.clear()


def warranty() -> tuple[Rule, ...]:
    """The legal terms of warranty, the same for every place."""
    return policies.warranty()


def causes() -> Mapping[str, Cause]:
    """What a fault may come from, the same for every place."""
    return policies.causes()


def workdays() -> Workday:
    """Which days are workdays in China, by the holidays that hold now; at most a minute old.

    No read where the numbers of any place were read meanwhile.
    """
    loaded = _holidays.get("", lambda: rules.read("")[1])

    def make() -> Workday:
        days = with_years(policies.schedules(), rules.SCHEDULE, rules.years(loaded))["china"][0]
        return periods.workdays({day: work is True for day, work in days.items() if isinstance(work, bool)})

    return _workdays.get(loaded, make)


def schedules() -> Schedules:
    """The holiday schedules that hold now, loaded ones before those that ship. One read."""
    return with_years(policies.schedules(), rules.SCHEDULE, rules.years(rules.read("")[1]))


def _make(overrides: str, holidays: str) -> Policy:
    if not overrides and not holidays:
        return policies.policy()
    if not holidays:
        return _adjusted(policies.policy(), overrides)
    if overrides:
        return _adjusted(_made.get(("", holidays), lambda: _make("", holidays)), overrides)
    merged = with_years(policies.schedules(), rules.SCHEDULE, rules.years(holidays))
    return _named(policies.read(policies.FOLDER, merged), f"~{mark(holidays)}")


def _adjusted(base: Policy, overrides: str) -> Policy:
    """What a project changes about the numbers; nothing where it names what there is no more: late by what ships."""
    try:
        return apply(base, rules.overrides(overrides))
    except PolicyError as fault:
        logger.error("the overrides of a project can't be used", extra={"fault": str(fault)})
        ring("RowsUnreadable")
        return base


def _named(made: Policy, more: str) -> Policy:
    return replace(made, version=made.version + more) if more else made
