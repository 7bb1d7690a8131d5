"""An improvement action 改进措施: what a manager does about a bad figure, by whom and until when, and what came of it.

    planned → done → planned         taken up again, with a reason
    planned → planned                put off to another day, with a reason
    planned → cancelled              with a reason
    cancelled → planned              taken up again

It names the figure that it is to move, as it was then and to what value. Whether the figure moved is read from the
months that follow (`moved`), never entered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from chalicelib.domain.measures.scope import GROUP, above, of_place, team_of
from chalicelib.domain.policy.actions import terms_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record import moving
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.kinds import Heading, RecordKind, register
from chalicelib.domain.record.making import Made, said, words
from chalicelib.domain.record.moving import Life, Move, book, folded, nothing_follows, reached
from chalicelib.domain.record.promise import Promise, deadline, timed
from chalicelib.domain.record.roles import EMPLOYED, Role
from chalicelib.domain.time.calendar import ALWAYS_OPEN
from chalicelib.domain.time.clocks import Clock

PREFIX = "ACTION"
CLOCK = "finish"
LEVELS = ((2, timedelta(0)), (3, timedelta(days=7)))
MEASURE = re.compile(r"[a-z][a-z0-9_]{0,39}")
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
MOST = 10**12


class State(StrEnum):
    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


S = State
OPEN, ENDED = frozenset({S.PLANNED}), frozenset({S.DONE, S.CANCELLED})
STATES: Mapping[str, State] = {
    "planned": S.PLANNED,
    "put_off": S.PLANNED,
    "taken_up": S.PLANNED,
    "done": S.DONE,
    "cancelled": S.CANCELLED,
}


class Before(NamedTuple):
    """The figure as it was when the action was entered: of which month, over what, and the value it stood at."""

    month: str
    n: int
    d: int
    value: int


NOTHING = Before("", 0, 0, 0)


@dataclass(slots=True)
class Action(Life):
    """The state after `version` events. `goal`, `before.value`: in the measure's smallest unit (`measure.py`).

    `who`: the person who does it; `by`: the manager who entered it; `until`: its last day.
    """

    ends = ENDED

    id: str
    version: int = 0
    events: tuple[Event, ...] = ()
    place: Mapping[str, str] = field(default_factory=dict)
    state: State = State.PLANNED
    measure: str = ""
    goal: int = 0
    before: Before = NOTHING
    who: str = ""
    by: str = ""
    until: date = date.min
    since: datetime | None = None  # when its clock began, by the event of that `step`
    step: int = 0
    recorded: frozenset[str] = frozenset()

    @property
    def scope(self) -> str:
        return of_place(self.place)

    @property
    def ended_on(self) -> datetime | None:
        return None if self.is_open else next(e.at for e in reversed(self.events) if e.kind in STATES)

    @property
    def what(self) -> str:
        """What is to be done, in the manager's words."""
        return str(self.events[0].said.get("words", "")) if self.events else ""


def fold(
    reference: str, events: Iterable[Event], onto: Action | None = None, *, refused: frozenset[str] = frozenset()
) -> Action:
    return folded(replace(onto) if onto else Action(reference), events, _apply)


def _apply(one: Action, event: Event) -> None:
    facts = event.data
    if event.kind == "planned":
        one.place, one.measure, one.goal = facts["place"], facts["measure"], facts["goal"]
        one.before = Before(*facts["before"])
        one.who, one.by = facts["who"], event.by
    if "until" in facts:
        one.until = date.fromisoformat(facts["until"])
    reached(one, event, STATES)


# moves


def planned(
    place: Mapping[str, str], facts: Mapping[str, Any], command: Command, at: datetime, numbers: Policy
) -> dict[str, Any]:
    """The facts that an action begins with: measure, goal, before, who, until. Raises Invalid."""
    words(command)
    measure, goal, before, who = (facts.get(name) for name in ("measure", "goal", "before", "who"))
    if not isinstance(measure, str) or not MEASURE.fullmatch(measure):
        raise Invalid("measure", "required")
    if not isinstance(goal, int) or isinstance(goal, bool) or not 0 <= goal <= MOST:
        raise Invalid("goal", "required")
    if not isinstance(before, Before) or not MONTH.fullmatch(before.month):
        raise Invalid("measure", "required")
    if before.value == goal:
        raise Invalid("goal", "nothing_moves")
    if not isinstance(who, str) or not who:
        raise Invalid("who", "required")
    until = _until(facts.get("until"), at, numbers)
    return {
        "place": dict(place),
        "measure": measure,
        "goal": goal,
        "before": list(before),
        "who": who,
        "until": until,
    }


def _until(raw: object, at: datetime, numbers: Policy) -> str:
    """A day from today on, not too far away. Raises Invalid."""
    try:
        day = date.fromisoformat(str(raw or ""))
    except ValueError:
        raise Invalid("until", "no_time") from None
    today = at.astimezone(ZoneInfo(numbers.zone)).date()
    if day < today:
        raise Invalid("until", "past")
    if day > today + terms_of(numbers).longest:
        raise Invalid("until", "too_far")
    return day.isoformat()


def _put_off(one: Action, command: Command, at: datetime, numbers: Policy) -> Made:
    words(command)
    return [("put_off", {"until": _until(command.data.get("until"), at, numbers)})]


def _take_up(one: Action, command: Command, at: datetime, numbers: Policy) -> Made:
    words(command)
    return [("taken_up", {"until": _until(command.data.get("until"), at, numbers)})]


MANAGER = frozenset({Role.MANAGER})
MOVES: Mapping[str, Move] = {
    "finish": Move(OPEN, MANAGER | EMPLOYED, said("done")),
    "put_off": Move(OPEN, MANAGER, _put_off),
    "cancel": Move(OPEN, MANAGER, said("cancelled")),
    "take_up": Move(ENDED, MANAGER, _take_up),
    **book(OPEN, frozenset(State)),
}


def legal(one: Action, name: str, role: Role) -> bool:
    return moving.legal(MOVES, one, name, role)


def moves(one: Action, role: Role) -> list[str]:
    """The moves open to the role now."""
    return moving.moves(MOVES, one, role)


def decide(one: Action, command: Command, at: datetime, numbers: Policy) -> list[Event]:
    """What happens to it. Raises IllegalMove, NotAllowed, Invalid."""
    return moving.events_of(MOVES, one, command, at, numbers, nothing_follows)


# whether the figure moved


def moved(before: int, goal: int, now: int) -> str:
    """What came of it: reached, better (towards the goal, not there), none, worse. In the measure's smallest unit."""
    up = goal > before
    if (now >= goal) if up else (now <= goal):
        return "reached"
    if now == before:
        return "none"
    return "better" if (now > before) is up else "worse"


# clocks and lists


def _runs(one: Action, numbers: Policy) -> list[Promise]:
    """From its entry, or from where it was put off, to the end of its last day."""
    if not one.is_open or one.since is None:
        return []
    zone = ZoneInfo(numbers.zone)
    ends = datetime.combine(one.until + timedelta(days=1), datetime.min.time(), zone)
    clock = Clock.start(f"{CLOCK}.{one.step}", one.since, ends - one.since, ALWAYS_OPEN, warn=terms_of(numbers).remind)
    return [Promise(CLOCK, None, clock, LEVELS)]


due_moments, next_moment = timed(_runs)


def heading(one: Action, numbers: Policy) -> Heading:
    """It stands in the list of the managers of its scope while it is open."""
    by = deadline(_runs(one, numbers))
    lists = {"desk": team_of(one.scope)} if one.is_open else {}
    return Heading(by[1] if by else None, next_moment(one, numbers), line(one), lists)


def line(one: Action) -> dict[str, Any]:
    """What lists, the page and the report of a month show of it; words lie apart."""
    ended = {"e": f"{one.ended_on:%Y-%m-%dT%H:%M:%SZ}"} if one.ended_on else {}
    return {
        "m": one.measure,
        "s": one.state.value,
        "u": one.until.isoformat(),
        "g": one.goal,
        "b": list(one.before),
        "w": one.who,
        **ended,
    }


class Shown(NamedTuple):
    """An action in a list."""

    measure: str
    state: str
    until: date
    goal: int
    before: Before
    who: str
    ended: str


def shown(stored: Mapping[str, Any]) -> Shown:
    """A line as `line` made it."""
    get = stored.get
    until = date.fromisoformat(get("u", "0001-01-01"))
    before = Before(*get("b", ("", 0, 0, 0)))
    return Shown(get("m", ""), get("s", ""), until, get("g", 0), before, get("w", ""), get("e", ""))


def climbs_to(one: Action, level: int) -> str:
    """The team that hears of it at a level: managers above, the highest where there are no more."""
    higher = above(one.place) or (GROUP,)
    return team_of(higher[min(max(level, 2), len(higher) + 1) - 2])


def _tellings(numbers: Policy) -> Mapping[str, Sequence[Telling]]:
    return terms_of(numbers).tellings


ACTIONS = RecordKind(PREFIX, fold, decide, heading, due_moments, next_moment, _tellings)
register(ACTIONS)
