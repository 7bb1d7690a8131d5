"""The clocks of a retention and its release.

clock        state             from → to                                                       hands
liability    held              opened → defect liability ends, until that is on record; warns    office
                               `ahead` before
limitation   held              that end → three years are over; warns `limitation_ahead`       office
dates        held              opened → an end of defect liability is on file                  office
verify       applied, half     applied → both have countersigned                               verifiers
consent      applied, half     pressed → silence is consent                                    verifiers
pay          verified          verified → paid; does not run while a stop stands               payer
review       any, stopped      stopped → looked at again, every so often                       office

Days are counted as periods are: the first is not counted, the last is a working day.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from chalicelib.domain.contractor.clocks import works
from chalicelib.domain.money.release import Release, State
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.retention import rules_of
from chalicelib.domain.record.promise import Due, Promise, come, coming
from chalicelib.domain.time.calendar import ALWAYS_OPEN
from chalicelib.domain.time.clocks import Clock
from chalicelib.domain.time.periods import period_end

WARN = (0.5, 0.8)
LEVELS = ((2, timedelta(0)),)
NONE: tuple[tuple[int, timedelta], ...] = ()
LAST = time(23, 59, 59)
A_DAY = timedelta(days=1)


class Rule(NamedTuple):
    """Whose turn it is while a clock runs: office, verifiers (both sides), payer."""

    hands: str


OFFICE, VERIFIERS, PAYER = Rule("office"), Rule("verifiers"), Rule("payer")


def today(at: datetime, numbers: Policy) -> date:
    return at.astimezone(numbers.calendars["office"].zone).date()


def end_of(day: date, numbers: Policy) -> datetime:
    """The last second of a day where the office is."""
    return datetime.combine(day, LAST, numbers.calendars["office"].zone)


def verify_by(one: Release, numbers: Policy) -> datetime | None:
    """When an application has to be answered."""
    return _after(one.applied_at, rules_of(numbers).verify_days, numbers)


def consent_by(one: Release, numbers: Policy) -> datetime | None:
    """When silence after the contractor's own reminder is consent."""
    return _after(one.pressed_at, rules_of(numbers).consent_days, numbers)


def _after(start: datetime | None, days: int, numbers: Policy) -> datetime | None:
    if start is None:
        return None
    return end_of(period_end(today(start, numbers), days=days, workdays=works(numbers)), numbers)


def limitation_end(liability_ends: date, numbers: Policy) -> date:
    """The last day on which what was due when defect liability ended can be claimed."""
    return period_end(liability_ends, years=rules_of(numbers).limitation_years, workdays=works(numbers))


def runs(one: Release, numbers: Policy) -> list[Promise]:
    """The clocks that run now."""
    found: list[Promise] = []
    if one.since is None or one.opened_at is None:
        return found
    rules = rules_of(numbers)
    if one.state is State.HELD:
        found += _held(one, numbers)
    elif one.state in (State.APPLIED, State.HALF):
        assert one.applied_at
        if by := consent_by(one, numbers):
            assert one.pressed_at
            found.append(_promise("consent", VERIFIERS, one.pressed_at, by, one.round, levels=NONE))
        elif by := verify_by(one, numbers):
            found.append(_promise("verify", VERIFIERS, one.applied_at, by, one.round))
    elif one.state is State.VERIFIED and (by := _after(one.since, rules.pay_days, numbers)):
        found.append(_paused(_promise("pay", PAYER, one.since, by, one.round), one))
    return [*found, *_reviews(one, rules.review)]


def _paused(promise: Promise, one: Release) -> Promise:
    """Held off while a stop stands: what it covers is added."""
    clock = promise.clock
    for since, until in one.pauses:
        if until is not None and until <= clock.started_at:
            continue
        clock = clock.pause(max(since, clock.started_at), "stop")
        if until is not None:
            clock = clock.resume(until)
    return Promise(promise.name, promise.rule, clock, promise.levels)


def _held(one: Release, numbers: Policy) -> list[Promise]:
    rules, opened = rules_of(numbers), one.opened_at
    assert opened
    if one.liability_ends is None:
        return [_promise("dates", OFFICE, opened, opened + rules.dates_within, 1)]
    ends = end_of(one.liability_ends, numbers)
    over = end_of(limitation_end(one.liability_ends, numbers), numbers)
    day = one.liability_ends.isoformat()
    limitation = _promise("limitation", OFFICE, ends, over, day, ahead=rules.limitation_ahead, levels=NONE)
    if _noted(one, f"liability.{day}:"):
        return [limitation]
    return [
        _promise("liability", OFFICE, min(opened, ends - A_DAY), ends, day, ahead=rules.ahead, levels=NONE),
        limitation,
    ]


def _noted(one: Release, run: str) -> int:
    """How often the end of a run is on record, by how its moments' keys begin."""
    return sum(key.startswith(run) and key.endswith(":due") for key in one.recorded)


def _reviews(one: Release, every: timedelta) -> list[Promise]:
    """A look at each stop now and again: the next one begins where the last was due."""
    found = []
    for stop in one.stops:
        done = _noted(one, f"review.{stop.version}.")
        start = stop.since + done * every
        found.append(_promise("review", OFFICE, start, start + every, f"{stop.version}.{done + 1}", levels=NONE))
    return found


def _promise(
    name: str,
    rule: Rule,
    start: datetime,
    ends: datetime,
    run: object,
    *,
    ahead: timedelta | None = None,
    levels: tuple[tuple[int, timedelta], ...] = LEVELS,
) -> Promise:
    """A run of a clock to a moment; `ahead`: how long before it warns, once, instead of the usual shares."""
    within = ends - start
    warn = WARN if ahead is None else ((within - ahead) / within,) if within > ahead else ()
    return Promise(name, rule, Clock.start(f"{name}.{run}", start, within, ALWAYS_OPEN, warn=warn), levels)


def due_moments(one: Release, numbers: Policy, at: datetime) -> list[Due]:
    return come(runs(one, numbers), one.recorded, numbers.remind_every, at)


def next_moment(one: Release, numbers: Policy, at: datetime | None = None) -> datetime | None:
    return min(coming(runs(one, numbers), one.recorded, numbers.remind_every, at), default=None)
