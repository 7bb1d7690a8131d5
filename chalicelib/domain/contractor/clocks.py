"""Which clocks a case has, and what they say: folded from its events by the rows of `policy/contractor.toml`.

What an event says to clocks: its kind; of letters with theirs (letter_delivered:notice); and

    all_delivered     no letter is out that nobody has confirmed
    price_asked       a third party is engaged without a price; with one: price_agreed
    stop_engaged, stop_invoiced         of a stop of damage; else engaged, invoiced
    visited:contractor                  whose people came
    third_accepted    what a third party repaired is accepted
    work_refused:third_party            while one is engaged, who has to come again

Contract's times: a response within hours, or as many working days; a cure and a last deadline in days, the day of the
letter's arrival not counted, to the end of the last one (Civil Code, art. 201 to 203), that a working day where the
clause counts working days. Where clause or priority change, every clock that runs is measured anew from its own start;
a time of the contract that becomes shorter by it is over no earlier than if it began with the change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from chalicelib.domain.contractor.case import ENDING, Case
from chalicelib.domain.contractor.changes import happened_at
from chalicelib.domain.contractor.words import Route, Terms, read_terms
from chalicelib.domain.policy.ladder import LadderClock, ladder_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record import promise
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.promise import Due, Promise
from chalicelib.domain.ticket.trade import Priority, time_of
from chalicelib.domain.time.calendar import Calendar
from chalicelib.domain.time.clocks import Clock
from chalicelib.domain.time.periods import Workday, on_workday, period_end

LAST = time(23, 59, 59)
DAY = timedelta(days=1)
TERMED = frozenset({"opened", "terms_changed"})


def promises(case: Case, policy: Policy) -> list[Promise]:
    """Every run of every clock of the case, in the order of their start."""
    book = _Book(case, policy)
    for event in case.events:
        book.read(event)
    rows = book.ladder.clocks
    return [Promise(name, rows[name], book.runs[name][i], rows[name].levels) for name, i in book.order]


def due_moments(case: Case, policy: Policy, at: datetime) -> list[Due]:
    """The moments that have come by `at` and are not recorded, in order; what is stale by then is left out."""
    found = [
        due for runs, remind in _by_reminding(case, policy) for due in promise.come(runs, case.recorded, remind, at)
    ]
    return sorted(found, key=lambda due: due.moment.at)


def next_moment(
    case: Case, policy: Policy, at: datetime | None = None, runs: Sequence[Promise] | None = None
) -> datetime | None:
    """When the earliest moment not yet recorded is reached, even if that is past; None: nothing ahead."""
    ahead: list[datetime] = []
    for part, remind in _by_reminding(case, policy, runs):
        ahead += promise.coming(part, case.recorded, remind, at)
    return min(ahead, default=None)


def _by_reminding(
    case: Case, policy: Policy, runs: Sequence[Promise] | None = None
) -> list[tuple[list[Promise], timedelta | None]]:
    """The runs of clocks that are repeated every day, and of those that are not, each with how often."""
    found = promises(case, policy) if runs is None else runs
    every = ladder_of(policy).remind_every if case.is_open else None
    return [
        ([one for one in found if one.rule.reminds], every),
        ([one for one in found if not one.rule.reminds], None),
    ]


def running(case: Case, policy: Policy) -> dict[str, Promise]:
    """The runs that have not stopped, by the clock's name."""
    return {one.name: one for one in promises(case, policy) if one.running}


def signals(event: Event) -> Iterator[str]:
    """What an event says to clocks, save for what only the letters before it tell."""
    stop = event.data.get("route") == Route.STOP.value
    if event.kind in ("engaged", "invoiced") and stop:
        yield f"stop_{event.kind}"
        return
    if stop and event.kind in ("quoted", "price_agreed", "appointed"):
        return
    yield event.kind
    if event.kind.startswith("letter_") and "kind" in event.data:
        yield f"{event.kind}:{event.data['kind']}"
    if event.kind == "visited":
        yield f"visited:{event.data['by']}"
    if event.kind == "work_refused" and event.data.get("third_party"):
        yield "work_refused:third_party"
    if event.kind == "engaged":
        yield "price_asked" if event.data.get("price") is None else "price_agreed"
    if event.kind == "accepted" and event.data.get("third_party"):
        yield "third_accepted"


def response_by(case: Case, policy: Policy, arrived: datetime) -> datetime:
    """When a letter that arrived then has to be answered."""
    return _response_by(case.terms, policy, arrived)


def _response_by(terms: Terms, policy: Policy, arrived: datetime) -> datetime:
    if not terms.business:
        return arrived + terms.response
    return _end_of(_working(arrived, -(-terms.response // DAY), policy), policy)


def cure_by(case: Case, policy: Policy, arrived: datetime) -> datetime:
    """The end of the last day on which a letter that arrived then can be complied with."""
    return days_after(arrived, case.terms.cure_days, policy, business=case.terms.business)


def last_by(case: Case, policy: Policy, arrived: datetime) -> datetime:
    """The last deadline of a reminder that arrived then."""
    days = ladder_of(policy).last_days[case.priority]
    return days_after(arrived, days, policy, business=case.terms.business)


def days_after(arrived: datetime, days: int, policy: Policy, *, business: bool) -> datetime:
    if business:
        return _end_of(_working(arrived, days, policy), policy)
    return _end_of(period_end(_local(arrived, policy), days=days), policy)


def works(policy: Policy) -> Workday:
    """Whether the office works on a day at all."""
    office = policy.calendars["office"]
    return lambda day: bool(office.worked(_midnight(day, office), _midnight(day + DAY, office)))


def _working(arrived: datetime, days: int, policy: Policy) -> date:
    """The last of so many working days after a letter's day."""
    day = _local(arrived, policy)
    for _ in range(days):
        day = on_workday(day + DAY, works(policy))
    return day


def _local(at: datetime, policy: Policy) -> date:
    return at.astimezone(policy.calendars["office"].zone).date()


def _end_of(day: date, policy: Policy) -> datetime:
    return datetime.combine(day, LAST, policy.calendars["office"].zone)


def _midnight(day: date, calendar: Calendar) -> datetime:
    return datetime.combine(day, time(), calendar.zone)


class _Book:
    """The clocks of one case while its events are read."""

    def __init__(self, case: Case, policy: Policy) -> None:
        self.policy, self.ladder = policy, ladder_of(policy)
        self.terms, self.priority = case.terms, case.priority  # as they stood when the event happened
        self.place = {name: n for n, name in enumerate(self.ladder.clocks)}
        self.runs: dict[str, list[Clock]] = {}
        self.order: list[tuple[str, int]] = []
        self.happened: set[str] = set()
        self.out: set[str] = set()  # letters that nobody has confirmed

    def read(self, event: Event) -> None:
        said = set(self._said(event))
        self.happened |= said
        if event.kind in TERMED:
            self._measure(event)
        if event.kind in ENDING:
            names = tuple(self.runs)
        else:
            names = tuple(dict.fromkeys(name for word in said for name in self.ladder.concerned.get(word, ())))
        if not names:
            return
        at = happened_at(event)
        for name in sorted(names, key=self.place.__getitem__):
            row, clock = self.ladder.clocks[name], self.running(name)
            if clock and (row.stops & said or event.kind in ENDING):
                self.runs[name][-1] = clock.stop(at)
            elif clock and row.pauses & said and clock.paused_at is None:
                self.runs[name][-1] = clock.pause(at, event.kind)
            elif clock and row.goes_on & said and clock.paused_at is not None:
                self.runs[name][-1] = clock.resume(at)
            if row.starts & said and not self.running(name):
                self._start(row, event, at)

    def running(self, name: str) -> Clock | None:
        """The clock's last run, if it runs or is paused."""
        mine = self.runs.get(name)
        return mine[-1] if mine and mine[-1].stopped_at is None else None

    def _said(self, event: Event) -> Iterator[str]:
        yield from signals(event)
        if event.kind == "letter_released":
            self.out.add(event.data["letter"])
        elif event.kind == "letter_delivered":
            self.out.discard(event.data["letter"])
            if not self.out:
                yield "all_delivered"

    def _start(self, row: LadderClock, event: Event, at: datetime) -> None:
        if row.unless & self.happened:
            return
        mine = self.runs.setdefault(row.name, [])
        label = row.name if not mine else f"{row.name}.{len(mine) + 1}"
        calendar = self.policy.calendars["always" if row.until else row.counts]
        length = self._until(row.until, event, at) - at if row.until else row.target[self.priority]
        if length <= timedelta(0):  # an appointment that is over when it is noted
            length = timedelta(seconds=1)
        mine.append(Clock.start(label, at, length, calendar, warn=self.ladder.warn_for(length)))
        self.order.append((row.name, len(mine) - 1))

    def _until(self, what: str, event: Event, at: datetime) -> datetime:
        if what == "end":
            return time_of(event.data["end"])
        if what == "response":
            return _response_by(self.terms, self.policy, at)
        days = self.terms.cure_days if what == "cure" else self.ladder.last_days[self.priority]
        return days_after(at, days, self.policy, business=self.terms.business)

    def _measure(self, event: Event) -> None:
        """Clause and priority as they are from here on; what runs counts anew by them."""
        self.terms, self.priority = read_terms(event.data["terms"]), Priority(event.data["priority"])
        for name in self.runs:
            row, clock = self.ladder.clocks[name], self.running(name)
            if clock is None or row.until == "end":
                continue
            length = row.target[self.priority] if not row.until else self._length(row.until, clock, event)
            if length != clock.target:
                self.runs[name][-1] = clock.retarget(event.at, length, clock.calendar)

    def _length(self, what: str, clock: Clock, event: Event) -> timedelta:
        """How long a time of the contract is now: from its own start, or from the change where it becomes shorter."""
        length = self._until(what, event, clock.started_at) - clock.started_at
        if length >= clock.target:
            return length
        return min(clock.target, self._until(what, event, event.at) - clock.started_at)
