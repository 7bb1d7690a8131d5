"""A clock is a promise with a deadline: a value that folds over its own timeline, live and afterwards alike.

    start ── pause ⇄ resume ── retarget, promise ── stop          each gives a new clock; raises ClockError

    due        once the target has counted since the start, the pauses' counted time added
    breached   later than that, were it by a second; a pause from the deadline itself on still holds it off
    moment     key                        at
    warning    resolve:warn:0.5           that share of the counted time is used up
    deadline   resolve:due                the deadline, or the change that moved it into the past
    level      resolve:level:2            its offset after the deadline, by the wall clock
    reminder   resolve:remind:2026-03-02  every so often after the last level, at most once a date

Times come in any zone and are kept in UTC.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple

from chalicelib.domain.time.calendar import Calendar, instant


class ClockError(ValueError):
    """The clock is not in the state for that: paused twice, resumed while it runs, changed after it stopped."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something to tell. `which` is a warning's share, a level's number or a reminder's date."""

    kind: Literal["warning", "deadline", "level", "reminder"]
    at: datetime
    clock: str
    which: float | int | date | None = None

    @property
    def key(self) -> str:
        """Names the moment for good: what is recorded under it is not told again."""
        if self.kind == "deadline":
            return f"{self.clock}:due"
        word = {"warning": "warn", "level": "level", "reminder": "remind"}[self.kind]
        return f"{self.clock}:{word}:{self.which}"

    def reached(self, now: datetime) -> bool:
        """Whether it is time to tell: the deadline itself still belongs to whoever must keep it."""
        return self.at < now if self.kind == "deadline" else self.at <= now


@dataclass(frozen=True, slots=True)
class Interval:
    """A piece of a clock's time. `why` is the calendar's word, or the reason of a pause."""

    start: datetime
    end: datetime
    counted: bool
    why: str


class Pause(NamedTuple):
    """Time that doesn't count; `end` is None while it lasts."""

    start: datetime
    end: datetime | None
    reason: str


class Promised(NamedTuple):
    """What was promised from `made_at` on: `target` of counted time from the clock's start, or a fixed instant."""

    made_at: datetime
    calendar: Calendar
    target: timedelta
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise with its pauses. The last of `promises` is in force, the first stays on record."""

    name: str
    started_at: datetime
    promises: tuple[Promised, ...]
    warn: tuple[float, ...] = ()
    pauses: tuple[Pause, ...] = ()
    stopped_at: datetime | None = None

    @classmethod
    def start(
        cls, name: str, at: datetime, target: timedelta, calendar: Calendar, warn: Sequence[float] = (0.5, 0.8)
    ) -> Clock:
        """A running clock that warns at these shares of its counted time."""
        if not all(0 < share < 1 for share in warn):
            raise ClockError(f"{name}: a warning comes after the start and before the deadline, not at {warn}")
        at = instant(at)
        return cls(name, at, (Promised(at, calendar, _positive(name, target)),), tuple(sorted(set(warn))))

    def pause(self, at: datetime, reason: str) -> Clock:
        """Stops counting. A time before the clock's last change counts as that of the change, here and below."""
        self._must_run()
        if self.paused_at is not None:
            raise ClockError(f"{self.name} is paused already, for {self.pauses[-1].reason}")
        return self._with(pauses=(*self.pauses, Pause(self._after_last(at), None, reason)))

    def resume(self, at: datetime) -> Clock:
        self._must_run()
        if self.paused_at is None:
            raise ClockError(f"{self.name} is not paused")
        start, _, reason = self.pauses[-1]
        return self._with(pauses=(*self.pauses[:-1], Pause(start, self._after_last(at), reason)))

    def stop(self, at: datetime) -> Clock:
        """Keeps the promise, or not. Ends a pause; where it was reported late, what lies after it is void."""
        self._must_run()
        at = max(instant(at), self.started_at)
        pauses = tuple(pause._replace(end=min(pause.end or at, at)) for pause in self.pauses if pause.start < at)
        promises = tuple(promised for promised in self.promises if promised.made_at <= at)
        return Clock(self.name, self.started_at, promises, self.warn, pauses, at)

    def retarget(self, at: datetime, target: timedelta, calendar: Calendar) -> Clock:
        """Promises another time from the clock's own start; all pauses count. Takes the place of a fixed instant."""
        self._must_run()
        changed = Promised(self._after_last(at), calendar, _positive(self.name, target))
        return self._with(promises=(*self.promises, changed))

    def promise(self, at: datetime, until: datetime) -> Clock:
        """Promises an instant, as an appointment does; what is paused from `at` on still adds to it."""
        self._must_run()
        changed = Promised(self._after_last(at), self.calendar, self.target, instant(until))
        return self._with(promises=(*self.promises, changed))

    @property
    def calendar(self) -> Calendar:
        return self.promises[-1].calendar

    @property
    def target(self) -> timedelta:
        """The counted time promised last, whether or not an instant has taken its place."""
        return self.promises[-1].target

    @property
    def paused_at(self) -> datetime | None:
        """When the pause began that lasts; None where the clock runs or has stopped."""
        return self.pauses[-1].start if self.pauses and self.pauses[-1].end is None else None

    @property
    def due_at(self) -> datetime | None:
        """The deadline with all pauses; None while paused."""
        return None if self.paused_at is not None else self._ends(self.promises[-1])

    @property
    def first_due(self) -> datetime:
        """The deadline as it was first promised, with the pauses that have ended."""
        due = self._ends(self.promises[0], ended_only=True)
        assert due is not None
        return due

    def worked(self, at: datetime) -> timedelta:
        """What has counted until `at` or the stop."""
        until = self._until(at)
        paused = (
            self.calendar.worked(pause.start, min(pause.end or until, until))
            for pause in self.pauses
            if pause.start < until
        )
        return self.calendar.worked(self.started_at, until) - sum(paused, timedelta(0))

    def breached(self, at: datetime) -> bool:
        """Whether `at`, or the stop, is later than the deadline now in force. Time within a pause is its start."""
        until = self._until(at)
        for pause in self.pauses:
            if pause.start <= until and (pause.end is None or until < pause.end):
                until = pause.start
        due = self._ends(self.promises[-1])
        return due is not None and until > due

    def intervals(self, at: datetime) -> list[Interval]:
        """The time until `at` or the stop, without a gap: what counted, what didn't, and why."""
        until = self._until(at)
        found: list[Interval] = []
        begin = self.started_at
        for pause in self.pauses:
            end = min(pause.end or until, until)
            if pause.start >= end:
                continue
            found += (Interval(*span) for span in self.calendar.spans(begin, pause.start))
            found.append(Interval(pause.start, end, False, pause.reason))
            begin = end
        found += (Interval(*span) for span in self.calendar.spans(begin, until))
        return found

    def unknown_years(self) -> frozenset[int]:
        """The years up to the deadline whose holidays nobody knows yet."""
        return self.calendar.unknown(self.started_at, self._ends(self.promises[-1]) or self.first_due)

    def moments(
        self,
        levels: Sequence[tuple[int, timedelta]] = (),
        recorded: Collection[str] = (),
        remind: timedelta | None = None,
        at: datetime | None = None,
    ) -> list[Moment]:
        """What is not recorded yet, past or ahead, in order; of the reminders only the next one.

        `levels` are numbers with their offsets after the deadline. With `at`, what is stale by then is left out: a
        warning that a later one or the deadline has overtaken, and all but the last of the reminders missed. While
        paused only what came before; once stopped, likewise, and the deadline only if it really passed.
        """
        held = self.stopped_at or self.paused_at
        now = None if at is None else min(instant(at), held or instant(at))
        breach = self._breach(self.promises)
        found = [] if f"{self.name}:due" in recorded else list(self._warnings(breach, recorded, now))
        if breach is not None:
            if held is None or self.breached(held):
                found.append(Moment("deadline", breach, self.name))
            climbs = [Moment("level", breach + after, self.name, level) for level, after in levels]
            found += climbs
            if climbs and remind and held is None:
                found.append(self._reminder(max(climb.at for climb in climbs), remind, recorded, now))
        return sorted(
            (m for m in found if m.key not in recorded and (held is None or m.at < held or m.kind == "deadline")),
            key=lambda m: m.at,
        )

    def _breach(self, promises: Sequence[Promised]) -> datetime | None:
        """When the deadline passes. A change that puts it into the past breaks it now, if it wasn't broken before."""
        *earlier, promised = promises
        due = self._ends(promised)
        if due is None or not earlier or due >= promised.made_at:
            return due
        before = self._breach(earlier)
        return promised.made_at if before is None else min(max(before, due), promised.made_at)

    def _warnings(self, breach: datetime | None, recorded: Collection[str], now: datetime | None) -> Iterator[Moment]:
        """Those that come before the deadline, and before another one that was told or is to be told."""
        promised, overtaken = self.promises[-1], breach
        held = self._held(promised)
        for share in reversed(self.warn):
            ends = self._ends(promised, share, held=held)
            if ends is None:
                continue
            warning = Moment("warning", max(ends, promised.made_at), self.name, share)
            if warning.key in recorded:
                return
            if overtaken is None or (warning.at < overtaken and (now is None or overtaken > now)):
                yield warning
            overtaken = warning.at

    def _reminder(self, last: datetime, every: timedelta, recorded: Collection[str], now: datetime | None) -> Moment:
        """The first on a later date than those recorded; the latest that has passed, where there is one."""
        zone = self.calendar.zone
        mark = f"{self.name}:remind:"
        told = max((key.removeprefix(mark) for key in recorded if key.startswith(mark)), default=None)
        step = 1
        if told is not None:
            next_date = datetime.combine(date.fromisoformat(told), time(), zone) + timedelta(days=1)
            step = max(step, -((last - next_date.astimezone(UTC)) // every))
        if now is not None:
            step = max(step, (now - last) // every)
        at = last + step * every
        return Moment("reminder", at, self.name, at.astimezone(zone).date())

    def _held(self, promised: Promised) -> list[tuple[datetime, timedelta, timedelta | None]]:
        """Each pause as a promise sees it: its begin, what had counted by then, what it covers (None: it lasts)."""
        since = self.started_at if promised.until is None else promised.made_at
        worked = promised.calendar.worked
        begins = [max(pause.start, since) for pause in self.pauses]
        return [
            (begin, worked(since, begin), None if pause.end is None else worked(begin, pause.end))
            for begin, pause in zip(begins, self.pauses, strict=True)
        ]

    def _ends(
        self,
        promised: Promised,
        share: float = 1,
        *,
        held: Sequence[tuple[datetime, timedelta, timedelta | None]] | None = None,
        ended_only: bool = False,
    ) -> datetime | None:
        """When that share of a promise is used up; None while a pause holds it off, unless that is to be ignored.

        Pauses that begin after it change nothing. Raises NoCountedTime.
        """
        calendar, until = promised.calendar, promised.until
        fixed = until if share == 1 else None
        if fixed and not self.pauses:
            return fixed
        if until is None:
            since, goal = self.started_at, promised.target * share
        else:
            since = promised.made_at
            goal = calendar.worked(since, until) * share
        if not self.pauses:
            return calendar.deadline(since, goal)
        added = timedelta(0)
        for begin, used, covered in self._held(promised) if held is None else held:
            left = goal + added
            if used > left:
                break
            if used == left and begin > (fixed if fixed and not added else calendar.deadline(since, left)):
                break
            if covered is None:
                if ended_only:
                    break
                return None
            added += covered
        return fixed if fixed and not added else calendar.deadline(since, goal + added)

    def _until(self, at: datetime) -> datetime:
        at = instant(at)
        return at if self.stopped_at is None else min(at, self.stopped_at)

    def _after_last(self, at: datetime) -> datetime:
        last = self.promises[-1].made_at
        if self.pauses:
            last = max(last, self.pauses[-1].end or self.pauses[-1].start)
        return max(instant(at), last)

    def _with(self, promises: tuple[Promised, ...] | None = None, pauses: tuple[Pause, ...] | None = None) -> Clock:
        """The running clock with other promises or pauses; written out, as dataclasses.replace is slow."""
        return Clock(self.name, self.started_at, promises or self.promises, self.warn, pauses or self.pauses)

    def _must_run(self) -> None:
        if self.stopped_at is not None:
            raise ClockError(f"{self.name} has stopped")


def _positive(name: str, target: timedelta) -> timedelta:
    if target <= timedelta(0):
        raise ClockError(f"{name}: the target is {target}, and must be more than nothing")
    return target
