"""A person's quarter, or year, as a record 员工评分: made by the system, decided by a person, final once it may be
objected to.

    gathering → published → final          decided with an explanation; nobody objected in time
    published → objected → final           the person objects; it is answered, by somebody else than who decided
    objected → unanswered                  nobody answered, though it climbed to the group: no score
    gathering → thin                       fewer cases than the policy asks for: no score
    gathering → lapsed                     nobody decided in time: no score

A year is made of its quarters, when each of them has ended: nobody enters parts of it, all else goes as with a quarter.

The person sees it with the tickets behind it, the employer's management too; peers and the developer desk never do.
The group's management comes to see an objection once it has climbed there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

from chalicelib.domain.measures.period import begins, is_year
from chalicelib.domain.measures.score import (
    Entered,
    Part,
    Quarter,
    Row,
    coefficient,
    computed,
    entered,
    score,
    yearly,
)
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.scores import Terms, terms_of
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record import moving
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.kinds import Heading, RecordKind, register
from chalicelib.domain.record.making import Made, plain, words
from chalicelib.domain.record.moving import Life, Move, book, folded, nothing_follows, reached
from chalicelib.domain.record.promise import AFTER, Promise, Step, deadline, timed
from chalicelib.domain.record.roles import Role
from chalicelib.domain.time.calendar import ALWAYS_OPEN
from chalicelib.domain.time.clocks import Clock

PREFIX = "SCORE"
MOST_STARS = 5
MOST_SUGGESTIONS = 20
SUBSIDIARY, GROUP = 2, 3  # the levels that an objection climbs to
WARN = (0.8,)


class State(StrEnum):
    GATHERING = "gathering"
    PUBLISHED = "published"
    OBJECTED = "objected"
    FINAL = "final"
    THIN = "thin"
    LAPSED = "lapsed"
    UNANSWERED = "unanswered"


S = State
STATES: Mapping[str, State] = {state.value: state for state in State}
ENDED = frozenset({S.FINAL, S.THIN, S.LAPSED, S.UNANSWERED})
OPEN = frozenset(State) - ENDED
CHANGES = frozenset({"gathering", "checked", "rated", "suggestions_taken"})  # what points are made of
SEEN = frozenset({S.PUBLISHED, S.OBJECTED, S.FINAL, S.UNANSWERED})  # by the person
CLOCKS: Mapping[State, str] = {S.GATHERING: "decide", S.PUBLISHED: "object", S.OBJECTED: "answer"}


@dataclass(slots=True)
class Score(Life):
    """The state after `version` events. `rows`: the tickets behind it; `sample`: those whose quality is checked.

    `quarters`: those behind a year, which has no tickets of its own.

    `checks`: ticket → points; `peers`, `desk`: who → stars; `adjust`: what the deciding person added or took.
    """

    ends = ENDED

    id: str
    version: int = 0
    events: tuple[Event, ...] = ()
    person: str = ""
    team: str = ""
    quarter: str = ""  # 2026Q1; the score of a year has 2026
    place: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    sample: tuple[str, ...] = ()
    quarters: tuple[Quarter, ...] = ()
    checks: Mapping[str, int] = field(default_factory=dict)
    peers: Mapping[str, int] = field(default_factory=dict)
    desk: Mapping[str, int] = field(default_factory=dict)
    suggestions: int = 0
    adjust: int = 0
    decided_by: str = ""
    answered_by: str = ""
    climbed: int = 0  # the highest level that its objection came to
    awarded: Mapping[str, str] = field(default_factory=dict)  # points and coefficient as they were published
    state: State = State.GATHERING
    since: datetime | None = None
    step: int = 0
    recorded: frozenset[str] = frozenset()

    @property
    def of_year(self) -> bool:
        return is_year(self.quarter)

    @property
    def made_of(self) -> int:
        """The version of the last event that changed its points."""
        return next((e.version for e in reversed(self.events) if e.kind in CHANGES), 0)

    def parts(self, terms: Terms) -> Mapping[str, Part]:
        """Each part as things stand."""
        given = Entered(tuple(self.checks.values()), tuple(self.peers.values()), tuple(self.desk.values()))
        return {**computed(self.rows), **entered(replace(given, suggestions=self.suggestions), terms.suggestion)}

    def points(self, terms: Terms) -> Fraction | None:
        if self.of_year:
            return yearly([Fraction(one.points) for one in self.quarters if one.points], self.adjust)
        return score(self.parts(terms), terms.weights, self.adjust)

    def coefficient(self, terms: Terms) -> Decimal | None:
        """As a figure; whether anything hangs on it `Terms.on_record` says."""
        points = self.points(terms)
        if points is None:
            return None
        return coefficient(points, terms.target, terms.exponent, terms.floor, terms.cap)


def fold(
    reference: str, events: Iterable[Event], onto: Score | None = None, *, refused: frozenset[str] = frozenset()
) -> Score:
    return folded(replace(onto) if onto else Score(reference), events, _apply)


def _apply(one: Score, event: Event) -> None:
    facts = event.data
    if event.kind == "gathering":
        one.person, one.team, one.quarter = facts["person"], facts["team"], facts["quarter"]
        one.place = facts["place"]
        one.rows = tuple(Row(*row) for row in facts["rows"])
        one.sample = tuple(facts["sample"])
        one.quarters = tuple(Quarter(*quarter) for quarter in facts.get("quarters", ()))
    elif event.kind == "checked":
        one.checks = {**one.checks, facts["ticket"]: facts["points"]}
    elif event.kind == "rated":
        if event.role is Role.TECHNICIAN:
            one.peers = {**one.peers, event.by: facts["stars"]}
        else:
            one.desk = {**one.desk, event.by: facts["stars"]}
    elif event.kind == "suggestions_taken":
        one.suggestions = facts["count"]
    elif event.kind in ("published", "answered"):
        one.adjust = facts.get("adjust", one.adjust)
        one.awarded = facts["awarded"]
        if event.kind == "published":
            one.decided_by = event.by
        else:
            one.answered_by = event.by
    elif event.kind == "escalated":
        one.climbed = max(one.climbed, facts["level"])
    elif event.kind == "unanswered":
        one.awarded = {}
    reached(one, event, STATES)


# moves


def _whole(command: Command, name: str, least: int, most: int) -> int:
    raw = command.data.get(name)
    if not isinstance(raw, int) or isinstance(raw, bool) or not least <= raw <= most:
        raise Invalid(name, "off_scale")
    return raw


def _check(one: Score, command: Command, at: datetime, numbers: Policy) -> Made:
    """The quality of one ticket of the sample, in points."""
    words(command, required=False)
    ticket = str(command.data.get("ticket", ""))
    if ticket not in one.sample:
        raise Invalid("ticket", "unknown")
    _not_oneself(one, command)
    return [("checked", {"ticket": ticket, "points": _whole(command, "points", 0, 100)})]


def _rate(one: Score, command: Command, at: datetime, numbers: Policy) -> Made:
    """How somebody works with others, by a colleague or the developer desk; said again, the last holds."""
    _not_oneself(one, command)
    return [("rated", {"stars": _whole(command, "stars", 1, MOST_STARS)})]


def _not_oneself(one: Score, command: Command) -> None:
    if command.by.id == one.person:
        raise NotAllowed("not_oneself")


def _take(one: Score, command: Command, at: datetime, numbers: Policy) -> Made:
    words(command)
    return [("suggestions_taken", {"count": _whole(command, "count", 0, MOST_SUGGESTIONS)})]


def _publish(one: Score, command: Command, at: datetime, numbers: Policy) -> Made:
    """A person decides, with an explanation, once every part has something to go by. `of`: what the page showed."""
    words(command)
    _not_oneself(one, command)
    if command.data.get("of") != one.made_of:
        raise IllegalMove("changed_meanwhile")
    terms = terms_of(numbers)
    adjust = _whole(command, "adjust", -terms.adjust, terms.adjust)
    return [("published", {"adjust": adjust, "awarded": _awarded(one, adjust, terms)})]


def _awarded(one: Score, adjust: int, terms: Terms) -> dict[str, str]:
    """Points and coefficient as they are now: later numbers change nothing of them. Raises IllegalMove."""
    made = replace(one, adjust=adjust)
    points, factor = made.points(terms), made.coefficient(terms)
    if points is None:
        raise IllegalMove("part_missing")
    record = terms.on_record(one.place, begins(one.quarter))
    return {"points": str(points), "coefficient": str(factor), "record": record.document if record else ""}


def _object(one: Score, command: Command, at: datetime, numbers: Policy) -> Made:
    words(command)
    if command.by.id != one.person:
        raise NotAllowed("not_allowed", move=command.name)
    return [("objected", {})]


def _answer(one: Score, command: Command, at: datetime, numbers: Policy) -> Made:
    """By somebody else than who decided; with it the score is final."""
    words(command)
    _not_oneself(one, command)
    if command.by.id == one.decided_by:
        raise NotAllowed("not_who_decided")
    terms = terms_of(numbers)
    adjust = _whole(command, "adjust", -terms.adjust, terms.adjust)
    return [("answered", {"adjust": adjust, "awarded": _awarded(one, adjust, terms)}), ("final", {})]


def _of_quarter(one: Score) -> bool:
    return not one.of_year


SYSTEM, MANAGER = frozenset({Role.SYSTEM}), frozenset({Role.MANAGER})
GATHERING = frozenset({S.GATHERING})
MOVES: Mapping[str, Move] = {
    "rate": Move(GATHERING, frozenset({Role.TECHNICIAN, Role.SUPERVISOR}), _rate, _of_quarter),
    "check": Move(GATHERING, frozenset({Role.SUPERVISOR, Role.MANAGER}), _check, _of_quarter),
    "take": Move(GATHERING, MANAGER, _take, _of_quarter),
    "publish": Move(GATHERING, MANAGER, _publish),
    "object": Move(frozenset({S.PUBLISHED}), frozenset({Role.TECHNICIAN}), _object),
    "answer": Move(frozenset({S.OBJECTED}), MANAGER, _answer),
    "lapse": Move(GATHERING, SYSTEM, plain("lapsed")),
    "finish": Move(frozenset({S.PUBLISHED}), SYSTEM, plain("final")),
    "give_up": Move(frozenset({S.OBJECTED}), SYSTEM, plain("unanswered")),
    **book(OPEN, frozenset(State)),
}


def moves(one: Score, role: Role, who: str) -> list[str]:
    """The moves open to somebody now."""
    found = moving.moves(MOVES, one, role)
    mine = {"object"} if who == one.person else {"rate", "check", "take", "publish", "answer"}
    return [name for name in found if name in mine and not (name == "answer" and who == one.decided_by)]


def decide(one: Score, command: Command, at: datetime, numbers: Policy) -> list[Event]:
    """What happens to it. Raises IllegalMove, NotAllowed, Invalid."""
    return moving.events_of(MOVES, one, command, at, numbers, nothing_follows)


# clocks and lists


def step(one: Score, numbers: Policy) -> Step | None:
    """Undecided it lapses, unobjected it is final. An objection climbs; without any answer there is no score."""
    if one.since is None:
        return None
    within = terms_of(numbers).within
    if one.state is S.GATHERING:
        return Step("lapse", one.since + within["decide"] + AFTER)
    if one.state is S.OBJECTED:
        return Step("give_up", one.since + within["unanswered"] + AFTER)
    return Step("finish", one.since + within["object"] + AFTER) if one.state is S.PUBLISHED else None


def _runs(one: Score, numbers: Policy) -> list[Promise]:
    """The one clock of its state. Nobody is warned of the time in which the person may object."""
    name = CLOCKS.get(one.state)
    if name is None or one.since is None:
        return []
    within = terms_of(numbers).within[name]
    levels = ((SUBSIDIARY, timedelta(0)), (GROUP, within)) if name == "answer" else ()
    warn = () if name == "object" else WARN
    clock = Clock.start(f"{name}.{one.step}", one.since, within, ALWAYS_OPEN, warn=warn)
    return [Promise(name, None, clock, levels)]


due_moments, next_moment = timed(_runs, step)


def managed(place: Mapping[str, str]) -> str:
    """The employer's management, which decides."""
    return f"{place.get('project', '')}/manager"


def heading(one: Score, numbers: Policy) -> Heading:
    """In the list of the employer's management while it is open."""
    by = deadline(_runs(one, numbers))
    line = {"w": one.person, "m": one.team, "q": one.quarter, "s": one.state.value, "n": len(one.rows)}
    lists = {"desk": managed(one.place)} if one.is_open else {}
    return Heading(by[1] if by else None, next_moment(one, numbers), line, lists)


class Shown(NamedTuple):
    """A score in a list: whose, of which team and quarter, how it stands; no points, which not everybody may see."""

    person: str
    team: str
    quarter: str
    state: str


def shown(stored: Mapping[str, Any]) -> Shown:
    """A line as `heading` made it."""
    return Shown(stored.get("w", ""), stored.get("m", ""), stored.get("q", ""), stored.get("s", ""))


def _tellings(numbers: Policy) -> Mapping[str, Sequence[Telling]]:
    return terms_of(numbers).tellings


SCORES = RecordKind(PREFIX, fold, decide, heading, due_moments, next_moment, _tellings)
register(SCORES)
