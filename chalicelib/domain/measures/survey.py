"""A survey 满意度回访: an owner who was drawn, asked by link or called by a desk, and what came of it.

    drawn → asked → answered         by link, once service has begun
    drawn, asked → calling           a desk calls: whom nobody vouches for at once, who didn't answer later
    calling → answered, refused      as the desk notes it; by their own link still
    calling → calling, unreached     nobody answered the call: again, at most so often
    calling → lapsed                 nobody called in time
    asked → refused                  the owner would rather not
    answered → left_open → settled   something is still not right: the desk says what was done about it

Every state ends but `left_open`, which climbs: `lapsed` and `unreached` are non-response, and shown as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.surveys import terms_of
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record import moving
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.kinds import Heading, RecordKind, register
from chalicelib.domain.record.making import Made, plain, said, words
from chalicelib.domain.record.moving import Life, Move, book, folded, nothing_follows, reached
from chalicelib.domain.record.promise import AFTER, Promise, Step, deadline, timed, whole
from chalicelib.domain.record.roles import DESKS, Role, desk_of
from chalicelib.domain.time.calendar import ALWAYS_OPEN
from chalicelib.domain.time.clocks import Clock

PREFIX = "SURVEY"
SCORES = ("overall", "speed", "thoroughness", "manners")
MOST_STARS = 5
HALF = (0.5,)
AT_ONCE = timedelta(microseconds=1)  # counted time there is only in service hours


class State(StrEnum):
    DRAWN = "drawn"
    ASKED = "asked"
    CALLING = "calling"
    ANSWERED = "answered"
    LEFT_OPEN = "left_open"
    SETTLED = "settled"
    REFUSED = "refused"
    UNREACHED = "unreached"
    LAPSED = "lapsed"


S = State
STATES: Mapping[str, State] = {state.value: state for state in State}
ENDED = frozenset({S.ANSWERED, S.SETTLED, S.REFUSED, S.UNREACHED, S.LAPSED})
OUTCOMES = frozenset({"answered", "refused", "unreached", "lapsed"})  # what came of asking
OPEN = frozenset(State) - ENDED
AT_DESK = frozenset({S.CALLING, S.LEFT_OPEN})
CLOCKS: Mapping[State, str] = {S.ASKED: "answer", S.CALLING: "call", S.LEFT_OPEN: "settle"}
LEVELS = ((2, timedelta(0)),)


@dataclass(slots=True)
class Survey(Life):
    """The state after `version` events. `resident`: who is asked, "" for whoever reported `ticket`.

    `verified`: the phone is one that somebody vouches for; of others the stars count in no figure.
    """

    ends = ENDED

    id: str
    version: int = 0
    events: tuple[Event, ...] = ()
    place: Mapping[str, str] = field(default_factory=dict)
    month: str = ""
    stage: str = ""
    resident: str = ""
    ticket: str = ""
    verified: bool = True
    state: State = State.DRAWN
    tries: int = 0
    scores: Mapping[str, int] = field(default_factory=dict)
    still: bool = False
    how: str = ""
    since: datetime | None = None  # when its state began, by the event of that `step`
    step: int = 0
    undelivered: datetime | None = None  # when the message with the link was given up
    recorded: frozenset[str] = frozenset()


def fold(
    reference: str, events: Iterable[Event], onto: Survey | None = None, *, refused: frozenset[str] = frozenset()
) -> Survey:
    return folded(replace(onto) if onto else Survey(reference), events, _apply)


def _apply(one: Survey, event: Event) -> None:
    facts = event.data
    if event.kind == "drawn":
        one.place, one.month, one.stage = facts["place"], facts["month"], facts.get("stage", "")
        one.resident, one.ticket = facts.get("resident", ""), facts.get("ticket", "")
        one.verified = facts.get("verified", True)
    elif event.kind == "answered":
        one.scores, one.still, one.how = facts["scores"], facts.get("still", False), facts["how"]
    elif event.kind == "not_reached":
        one.tries += 1
    elif event.kind == "message_failed" and one.state is S.ASKED and facts.get("to") == "resident":
        one.undelivered = event.at
    reached(one, event, STATES)


# moves


def scores_of(raw: object) -> dict[str, int]:
    """The four stars, one to five each. Raises Invalid."""
    given = raw if isinstance(raw, Mapping) else {}
    found = {name: given.get(name) for name in SCORES}
    if not all(isinstance(n, int) and not isinstance(n, bool) and 1 <= n <= MOST_STARS for n in found.values()):
        raise Invalid("scores", "required")
    return {name: int(n) for name, n in found.items() if isinstance(n, int)}


def _answer(one: Survey, command: Command, at: datetime, numbers: Policy) -> Made:
    """Four stars and one question: is anything still not right? That stays with the desk then."""
    words(command, required=False)
    scores, still = scores_of(command.data.get("scores")), command.data.get("still")
    if not isinstance(still, bool):
        raise Invalid("still", "required")
    how = "link" if command.by.role is Role.OWNER else "call"
    facts = {"scores": scores, "still": still, "how": how}
    return [("answered", facts), *([("left_open", {})] if still else [])]


def _refuse(one: Survey, command: Command, at: datetime, numbers: Policy) -> Made:
    words(command, required=False)
    return [("refused", {"how": "link" if command.by.role is Role.OWNER else "call"})]


def _miss(one: Survey, command: Command, at: datetime, numbers: Policy) -> Made:
    words(command, required=False)
    last = one.tries + 1 >= terms_of(numbers).tries
    return [("not_reached", {}), *([("unreached", {})] if last else [])]


OWNER, SYSTEM = frozenset({Role.OWNER}), frozenset({Role.SYSTEM})
ASKED_OR_CALLING = frozenset({S.ASKED, S.CALLING})
MOVES: Mapping[str, Move] = {
    "answer": Move(ASKED_OR_CALLING, OWNER, _answer),
    "decline": Move(ASKED_OR_CALLING, OWNER, _refuse),
    "reached": Move(frozenset({S.CALLING}), DESKS, _answer),
    "not_reached": Move(frozenset({S.CALLING}), DESKS, _miss),
    "refused": Move(frozenset({S.CALLING}), DESKS, _refuse),
    "settle": Move(frozenset({S.LEFT_OPEN}), DESKS, said("settled")),
    "ask": Move(frozenset({S.DRAWN}), SYSTEM, plain("asked")),
    "call": Move(frozenset({S.DRAWN, S.ASKED}), SYSTEM, plain("calling")),
    "lapse": Move(frozenset({S.CALLING}), SYSTEM, plain("lapsed")),
    **book(OPEN, frozenset(State)),
}


def legal(one: Survey, name: str, role: Role) -> bool:
    return moving.legal(MOVES, one, name, role)


def moves(one: Survey, role: Role) -> list[str]:
    """The moves open to the role now."""
    return moving.moves(MOVES, one, role)


def decide(one: Survey, command: Command, at: datetime, numbers: Policy) -> list[Event]:
    """What happens to it. Raises IllegalMove, NotAllowed, Invalid."""
    return moving.events_of(MOVES, one, command, at, numbers, nothing_follows)


# clocks and lists


def step(one: Survey, numbers: Policy) -> Step | None:
    """The end of the wait that a state is: asked or called once service has begun, for nobody hears of it at night;
    called where the link was not answered; over where nobody called.
    """
    if one.since is None or not one.is_open:
        return None
    terms = terms_of(numbers)
    if one.state is S.DRAWN:
        by_link = one.verified and one.resident and terms.way == "link"
        return Step("ask" if by_link else "call", whole(numbers.calendars["service"].deadline(one.since, AT_ONCE)))
    if one.state is S.ASKED:
        return Step("call", one.undelivered or one.since + terms.answer + AFTER)
    return Step("lapse", one.since + terms.call + AFTER) if one.state is S.CALLING else None


def _runs(one: Survey, numbers: Policy) -> list[Promise]:
    """The one clock of its state."""
    name = CLOCKS.get(one.state)
    if name is None or one.since is None:
        return []
    terms = terms_of(numbers)
    within = {"answer": terms.answer, "call": terms.call, "settle": terms.settle}[name]
    clock = Clock.start(f"{name}.{one.step}", one.since, within, ALWAYS_OPEN, warn=HALF if name == "answer" else ())
    return [Promise(name, None, clock, LEVELS if name == "settle" else ())]


due_moments, next_moment = timed(_runs, step)


def caller(one: Survey, numbers: Policy) -> str:
    """The desk that calls: another one where nobody vouches for the phone."""
    terms = terms_of(numbers)
    return desk_of(terms.caller if one.verified else terms.other, one.place)


def waiting(project: str) -> str:
    """Where surveys stand that no desk has to do anything about yet."""
    return f"{project}/asked"


def heading(one: Survey, numbers: Policy) -> Heading:
    """In the call list of its desk while somebody has to call, else with what waits for owners."""
    by = deadline(_runs(one, numbers))
    at = caller(one, numbers) if one.state in AT_DESK else waiting(one.place.get("project", ""))
    line: dict[str, Any] = {"l": one.place.get("label", ""), "g": one.stage, "t": one.tries, "u": int(not one.verified)}
    line |= {"s": one.state.value}
    return Heading(by[1] if by else None, next_moment(one, numbers), line, {"desk": at} if one.is_open else {})


class Shown(NamedTuple):
    """A call in the list: where, the owner's stage, how often nobody answered, whether the phone is sure."""

    place: str
    stage: str
    tries: int
    verified: bool
    state: str


def shown(stored: Mapping[str, Any]) -> Shown:
    """A line as `heading` made it."""
    get = stored.get
    return Shown(get("l", ""), get("g", ""), get("t", 0), not get("u", 0), get("s", ""))


def _tellings(numbers: Policy) -> Mapping[str, Sequence[Telling]]:
    return terms_of(numbers).tellings


SURVEYS = RecordKind(PREFIX, fold, decide, heading, due_moments, next_moment, _tellings)
register(SURVEYS)
