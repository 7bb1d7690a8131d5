"""The ticket's life: which move leads from where, who may make it, and the events it makes.

    work        reported → assigned → acknowledged → scheduled → on_site → completed → signed_off → closed
    complaint   reported → relayed → answered → result_written → closed
    others      reported → closed, by an answer

`decide` changes nothing: it returns the events that would follow, or refuses. A move that was made already under the
same `key` decides to nothing, so whatever is sent twice happens once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.policy import Policy
from chalicelib.domain.ticket import DONE, Actor, Event, Kind, Priority, Role, State, Ticket, Window

WORKER = frozenset({Role.TECHNICIAN})
DESKS = frozenset({Role.DESK, Role.SUPERVISOR, Role.HOTLINE})
ABOVE = frozenset({Role.SUPERVISOR, Role.HOTLINE})
STAFF = WORKER | DESKS
OWNER = frozenset({Role.OWNER})
SYSTEM_ONLY = frozenset({Role.SYSTEM})
ANY = STAFF | OWNER | SYSTEM_ONLY

S = State
OPEN = frozenset(State) - DONE
WORKING = frozenset({S.ASSIGNED, S.ACKNOWLEDGED, S.SCHEDULED, S.ON_SITE})
BEFORE_VISIT = frozenset({S.ACKNOWLEDGED, S.SCHEDULED})
TO_DO = frozenset({S.REPORTED}) | WORKING | {S.WAITING}

MAX_WORDS = 2000
MAX_WINDOWS = 5
MAX_NOTES = 200  # per ticket: a page stays readable and an item small
SCORES = ("overall", "speed", "thoroughness", "manners")


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody wants. `data`: facts; `said`: personal words, keys of photos and signatures."""

    name: str
    by: Actor
    data: Mapping[str, Any] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""
    correlation: str = ""
    cause: str = ""


Act = Callable[[Ticket, Command, datetime, Policy], list[tuple[str, dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Move:
    """From any of `states`, `by` any of the roles; `work`: only for tickets that somebody comes for."""

    states: frozenset[State]
    by: frozenset[Role]
    makes: Act
    work: bool | None = None
    when: Callable[[Ticket], bool] = lambda t: True


def legal(ticket: Ticket, name: str, role: Role) -> bool:
    """Whether the move is open to the role in this state."""
    move = MOVES[name]
    return (
        role in move.by
        and ticket.state in move.states
        and (move.work is None or move.work == ticket.is_work)
        and move.when(ticket)
    )


def moves(ticket: Ticket, role: Role) -> list[str]:
    """The moves open to the role now, in the order of a ticket's life."""
    return [name for name in MOVES if legal(ticket, name, role)]


def decide(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> list[Event]:
    """What happens to the ticket; nothing is changed here. Raises IllegalMove, NotAllowed, Invalid."""
    if ticket.knows(command.key):
        return []
    move = MOVES.get(command.name)
    if move is None or command.by.role not in move.by:
        raise NotAllowed("not_allowed", move=command.name)
    if not legal(ticket, command.name, command.by.role):
        raise IllegalMove("illegal_move", move=command.name, state=ticket.state.value)
    made = move.makes(ticket, command, at, policy)
    events = []
    for i, (kind, data) in enumerate(made):
        events.append(
            Event(
                kind=kind,
                at=at,
                by=command.by.id,
                role=command.by.role,
                data=data,
                said=command.said if i == 0 else {},
                channel=command.by.channel,
                grant=command.by.grant,
                key=command.key if i == 0 else "",
                policy=policy.version,
                cause=command.cause,
                correlation=command.correlation,
            )
        )
    return events


def words(command: Command, field_name: str = "words", required: bool = True) -> str:
    """The words that were said, checked. Raises Invalid."""
    text = str(command.said.get(field_name, "")).strip()
    if required and not text:
        raise Invalid(field_name, "required")
    if len(text) > MAX_WORDS:
        raise Invalid(field_name, "too_long", limit=MAX_WORDS)
    return text


def _plain(kind: str, *keys: str) -> Act:
    """The event `kind` with the named facts."""

    def makes(t: Ticket, c: Command, at: datetime, p: Policy) -> list[tuple[str, dict[str, Any]]]:
        return [(kind, {k: c.data[k] for k in keys if k in c.data})]

    return makes


def _said(kind: str, *keys: str) -> Act:
    """The event `kind`, which needs words."""

    def makes(t: Ticket, c: Command, at: datetime, p: Policy) -> list[tuple[str, dict[str, Any]]]:
        words(c)
        return [(kind, {k: c.data[k] for k in keys if k in c.data})]

    return makes


Made = list[tuple[str, dict[str, Any]]]


def _note(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    if not c.said.get("photos"):
        words(c)
    if sum(e.kind == "noted" for e in t.events) >= MAX_NOTES:
        raise Invalid("words", "too_many_notes", limit=MAX_NOTES)
    return [("noted", {"photos": len(c.said.get("photos", ()))})]


def _assign(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    if not c.data.get("person"):
        raise Invalid("person", "required")
    data = {k: c.data[k] for k in ("team", "person", "rule", "instruction") if k in c.data}
    return [("assigned", {"team": "", **data})]


def _decline(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    words(c)
    return [("declined", {"person": t.holder})]


def _take_away(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    return [("declined", {"person": t.holder, "cause": c.data.get("cause", "")})]


def _acknowledge(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    made: Made = [("acknowledged", {})]
    if c.data.get("windows"):
        made += _offer(t, c, at, p)
    return made


def parse_windows(raw: object, at: datetime) -> list[Window]:
    """Up to five windows, in the future, each ending after it starts and within two months. Raises Invalid."""
    windows = []
    if not isinstance(raw, (list, tuple)) or not raw:
        raise Invalid("windows", "required")
    if len(raw) > MAX_WINDOWS:
        raise Invalid("windows", "too_many", limit=MAX_WINDOWS)
    for pair in raw:
        try:
            start, end = (x if isinstance(x, datetime) else datetime.fromisoformat(str(x)) for x in pair)
        except (TypeError, ValueError):
            raise Invalid("windows", "no_time") from None
        if start.tzinfo is None or end.tzinfo is None:
            raise Invalid("windows", "no_time")
        if not start < end <= at + timedelta(days=62) or end <= at or end - start > timedelta(hours=12):
            raise Invalid("windows", "window_out_of_range")
        windows.append(Window(start, end))
    return windows


def _offer(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    windows = sorted(parse_windows(c.data.get("windows"), at), key=lambda w: (w.start, w.end))
    return [("windows_offered", {"windows": [[w.start.isoformat(), w.end.isoformat()] for w in windows]})]


def _choose(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    if c.by.role is Role.OWNER:
        chosen = c.data.get("window")
        if not isinstance(chosen, int) or not 0 <= chosen < len(t.windows):
            raise Invalid("window", "required")
        window = t.windows[chosen]
    else:  # the technician agreed it by telephone, or accepts what the owner proposed
        window = (
            t.proposed
            if c.data.get("window") == "proposed" and t.proposed
            else parse_windows([c.data.get("window")], at)[0]
        )
    if window.end <= at:
        raise Invalid("window", "window_past")
    return [("window_chosen", {"start": window.start.isoformat(), "end": window.end.isoformat()})]


def _propose(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    window = parse_windows([c.data.get("window")], at)[0]
    return [("window_proposed", {"start": window.start.isoformat(), "end": window.end.isoformat()})]


def _tick(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    known = set(p.categories[t.category].checklist) if t.category in p.categories else set()
    done = sorted(known & set(c.data.get("done", ())))
    undone = sorted(t.ticked - set(done))
    return [("checklist_ticked", {"done": done, "undone": undone})]


def _pause(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    reason = c.data.get("reason")
    if reason not in p.pauses:
        raise Invalid("reason", "required")
    return [("paused", {"reason": reason})]


def _complete(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    category = p.categories.get(t.category)
    photos = len(c.said.get("photos", ()))
    if category and category.after_photo and not photos:
        raise Invalid("photos", "after_photo_needed")
    words(c)
    return [("completed", {"photos": photos, "round": t.rounds})]


def _sign(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    if not c.said.get("signature"):
        raise Invalid("signature", "required")
    return [("signed_off", {})] + _close_if_both(t.followed_up)


def _check(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    words(c)
    if c.by.id == t.holder:
        raise NotAllowed("not_the_repairing_side")
    return [("checked", {})] + _close_if_both(t.followed_up)


def _close_if_both(other: bool) -> Made:
    return [("closed", {"how": "followed_up"})] if other else []


def _refuse(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    words(c)
    return [("refused", {}), ("reworked", {"cause": "refused"})]


def _follow_up(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    fixed = c.data.get("fixed")
    if not isinstance(fixed, bool):
        raise Invalid("fixed", "required")
    if not fixed:
        words(c)
        return [("followed_up", {"fixed": False}), ("reworked", {"cause": "follow_up"})]
    return [("followed_up", {"fixed": True})] + _close_if_both(t.signed)


def _rate(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    scores = c.data.get("scores")
    if not isinstance(scores, Mapping) or set(scores) != set(SCORES):
        raise Invalid("scores", "required")
    if any(not isinstance(n, int) or not 1 <= n <= 5 for n in scores.values()):
        raise Invalid("scores", "required")
    words(c, required=False)
    return [("rated", {"scores": dict(scores)})]


def _set_priority(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    try:
        priority = Priority(c.data.get("priority", ""))
    except ValueError:
        raise Invalid("priority", "required") from None
    return [("priority_changed", {"priority": priority.value})] if priority is not t.priority else []


def _set_category(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    category = p.categories.get(str(c.data.get("category", "")))
    if category is None:
        raise Invalid("category", "required")
    component = str(c.data.get("component", ""))
    if component and component not in category.components:
        raise Invalid("component", "unknown")
    if (category.name, component) == (t.category, t.component):
        return []
    return [("category_changed", {"category": category.name, "component": component})]


def _answer(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    words(c)
    closes = t.kind in (Kind.ENQUIRY, Kind.SUGGESTION)
    return [("answered", {})] + ([("closed", {"how": "answered"})] if closes else [])


def _satisfaction(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    satisfied = c.data.get("satisfied")
    if not isinstance(satisfied, bool):
        raise Invalid("satisfied", "required")
    if satisfied:
        return [("satisfied", {}), ("closed", {"how": "satisfied"})]
    words(c)
    return [("dissatisfied", {})]


def _climb(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    level = c.data.get("level", t.level + 1)
    return [("escalated", {"level": level, "cause": "owner", "person": c.data.get("person", "")})]


def _hand_back(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    words(c)
    return [("handed_back", {"from": t.level})]


def _f(*states: State) -> frozenset[State]:
    return frozenset(states)


MOVES: Mapping[str, Move] = {
    # the system routes, takes away, keeps the book of clocks
    "route": Move(TO_DO, SYSTEM_ONLY, _assign, when=lambda t: t.route_due),
    "route_to_desk": Move(
        TO_DO, SYSTEM_ONLY, _plain("routed_to_desk", "team", "person", "rule"), when=lambda t: t.route_due
    ),
    "take_away": Move(_f(S.ASSIGNED), SYSTEM_ONLY, _take_away),
    "warn": Move(OPEN, SYSTEM_ONLY, _plain("warned", "moment", "clock", "fraction", "quiet")),
    "breach": Move(frozenset(State), SYSTEM_ONLY, _plain("breached", "moment", "clock", "deadline", "quiet")),
    "escalate": Move(
        frozenset(State),
        SYSTEM_ONLY,
        _plain("escalated", "moment", "clock", "level", "person", "cause", "quiet"),
    ),
    "remind": Move(OPEN, SYSTEM_ONLY, _plain("reminded", "moment", "clock", "level", "person", "quiet")),
    "note_failed_message": Move(frozenset(State), SYSTEM_ONLY, _plain("message_failed", "message", "template", "to")),
    "link": Move(frozenset(State), SYSTEM_ONLY, _plain("linked", "ticket", "cause")),
    "tell_new_deadline": Move(OPEN, SYSTEM_ONLY, _plain("deadline_changed", "clock", "deadline", "cause")),
    # triage
    "assign": Move(TO_DO - {S.WAITING, S.ON_SITE}, DESKS, _assign),
    "set_priority": Move(TO_DO | {S.RELAYED}, STAFF, _set_priority),
    "set_category": Move(TO_DO | {S.RELAYED}, STAFF, _set_category),
    "change_place": Move(TO_DO, DESKS, _plain("place_changed", "place", "desk")),
    # work
    "contact": Move(OPEN, STAFF, _plain("contacted", "how"), when=lambda t: not t.contacted),
    "acknowledge": Move(_f(S.ASSIGNED), WORKER, _acknowledge, work=True),
    "decline": Move(_f(S.ASSIGNED, S.ACKNOWLEDGED, S.SCHEDULED), WORKER, _decline, work=True),
    "offer_windows": Move(BEFORE_VISIT, WORKER | DESKS, _offer, work=True),
    "choose_window": Move(BEFORE_VISIT, OWNER, _choose, work=True, when=lambda t: bool(t.windows)),
    "propose_window": Move(_f(S.ASSIGNED, S.ACKNOWLEDGED, S.SCHEDULED), OWNER, _propose, work=True),
    "set_window": Move(BEFORE_VISIT, WORKER | DESKS, _choose, work=True),
    "arrive": Move(BEFORE_VISIT, WORKER, _plain("arrived"), work=True),
    "tick_checklist": Move(_f(S.ON_SITE), WORKER, _tick, work=True),
    "note": Move(OPEN, STAFF | OWNER, _note),
    "pause": Move(_f(S.ACKNOWLEDGED, S.SCHEDULED, S.ON_SITE), WORKER | DESKS, _pause, work=True),
    "resume": Move(_f(S.WAITING), WORKER | DESKS, _plain("resumed"), work=True),
    "complete": Move(_f(S.ON_SITE), WORKER, _complete, work=True),
    # the owner
    "sign_off": Move(_f(S.COMPLETED), OWNER, _sign, work=True),
    "refuse": Move(_f(S.COMPLETED), OWNER, _refuse, work=True),
    "check": Move(_f(S.COMPLETED), ABOVE, _check, work=True),
    "rate": Move(_f(S.COMPLETED, S.SIGNED_OFF, S.CLOSED), OWNER, _rate, work=True, when=lambda t: not t.rated),
    "cancel": Move(TO_DO - {S.ON_SITE} | {S.RELAYED}, OWNER | DESKS, _plain("cancelled", "reason")),
    "waive": Move(WORKING | {S.WAITING}, OWNER | DESKS, _plain("waived", "reason"), work=True),
    "climb": Move(OPEN, OWNER, _climb, when=lambda t: t.level < 3),
    "follow_up": Move(_f(S.COMPLETED, S.SIGNED_OFF), DESKS, _follow_up, work=True, when=lambda t: not t.followed_up),
    "hand_back": Move(OPEN, ABOVE, _hand_back, when=lambda t: t.level > 1),
    "merge": Move(TO_DO - {S.ON_SITE}, DESKS, _plain("merged", "into")),
    # complaint, enquiry, suggestion
    "relay": Move(_f(S.REPORTED, S.RELAYED), DESKS, _plain("relayed", "to"), when=lambda t: t.kind is Kind.COMPLAINT),
    "answer": Move(_f(S.REPORTED, S.RELAYED, S.ANSWERED), DESKS, _answer, work=False),
    "write_result": Move(
        _f(S.ANSWERED, S.RELAYED), DESKS, _said("result_written"), when=lambda t: t.kind is Kind.COMPLAINT
    ),
    "confirm": Move(_f(S.RESULT_WRITTEN), DESKS | OWNER, _satisfaction, when=lambda t: t.kind is Kind.COMPLAINT),
}
