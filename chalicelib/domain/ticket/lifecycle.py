"""The ticket's life: which move leads from where, who may make it, and the events it makes.

    work        reported → assigned → acknowledged → scheduled → on_site → completed → signed_off → closed
    complaint   reported → relayed → answered → result_written → closed
    others      reported → closed, by an answer

`decide` changes nothing: it returns the events that would follow, or refuses. A move that was made already under the
same `key` decides to nothing, so whatever is sent twice happens once; another move or content under that key is
refused. What a move makes stands in `making.py`, what it answers in `command.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import Command, event_of, made_already
from chalicelib.domain.record.errors import IllegalMove, NotAllowed
from chalicelib.domain.record.making import MAX_WORDS, Made, plain, said, words
from chalicelib.domain.record.roles import ABOVE, DESKS, EMPLOYED, STAFF, WORKERS
from chalicelib.domain.ticket import complaining, entrusting, finding, finishing, making, merging, waiting
from chalicelib.domain.ticket.command import ANSWERS, answered, answers
from chalicelib.domain.ticket.liability import OWNER as OWNERS
from chalicelib.domain.ticket.liability import bears, for_office, of_contractor
from chalicelib.domain.ticket.making import MAX_WINDOWS, SCORES, Makes, parse_windows
from chalicelib.domain.ticket.promises import RETARGETS, new_deadlines, promises
from chalicelib.domain.ticket.ticket import ENDED, Event, Kind, Role, State, Ticket, fold

__all__ = [
    "ABOVE",
    "DESKS",
    "MAX_WINDOWS",
    "MAX_WORDS",
    "MOVES",
    "SCORES",
    "STAFF",
    "WORKER",
    "Command",
    "Move",
    "answered",
    "decide",
    "legal",
    "moves",
    "parse_windows",
    "words",
]

WORKER = WORKERS
DEPARTMENT = frozenset({Role.DEPARTMENT})
OWNER = frozenset({Role.OWNER})
SYSTEM_ONLY = frozenset({Role.SYSTEM})
ANY = STAFF | OWNER | SYSTEM_ONLY

S = State
OPEN = frozenset(State) - ENDED
WORKING = frozenset({S.ASSIGNED, S.ACKNOWLEDGED, S.SCHEDULED, S.ON_SITE})
BEFORE_VISIT = frozenset({S.ACKNOWLEDGED, S.SCHEDULED})
PLANNED = BEFORE_VISIT | {S.ON_SITE, S.WAITING}
TO_DO = frozenset({S.REPORTED}) | WORKING | {S.WAITING}
BEGUN = WORKING | {S.WAITING, S.COMPLETED, S.SIGNED_OFF}
OFFICE = frozenset({Role.OFFICE})
FINDERS = frozenset({Role.TECHNICIAN, Role.OFFICE}) | DESKS


@dataclass(frozen=True, slots=True)
class Move:
    """From any of `states`, `by` any of the roles; `work`: only for tickets that somebody comes for."""

    states: frozenset[State]
    by: frozenset[Role]
    makes: Makes
    work: bool | None = None
    when: Callable[[Ticket], bool] = lambda ticket: True


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
    return [name for name, when in _open_to(role, ticket.state, ticket.is_work) if when(ticket)]


@cache
def _open_to(role: Role, state: State, work: bool) -> tuple[tuple[str, Callable[[Ticket], bool]], ...]:
    """What the role may do in a state, as far as that alone says it: pages ask for all moves at once."""
    return tuple(
        (name, move.when)
        for name, move in MOVES.items()
        if role in move.by and state in move.states and move.work in (None, work)
    )


def decide(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> list[Event]:
    """What happens to the ticket; nothing is changed here. Raises IllegalMove, NotAllowed, Invalid.

    Where a promise to the owner moves with it, an event says to when. Times are kept to the second.
    """
    if made_already(ticket, command):
        return []
    move = MOVES.get(command.name)
    if move is None or command.by.role not in move.by:
        raise NotAllowed("not_allowed", move=command.name)
    if not legal(ticket, command.name, command.by.role):
        raise IllegalMove("illegal_move", move=command.name, state=ticket.state.value)
    if command.name in ANSWERS and command.name != "set_window":  # a window agreed by telephone answers nothing
        answers(ticket, command)
    at = at.replace(microsecond=0)
    made = move.makes(ticket, command, at, policy)
    events = [event_of(kind, data, command, at, policy.version, first=i == 0) for i, (kind, data) in enumerate(made)]
    changed = next((e.kind for e in events if e.kind in RETARGETS), "")
    if changed:
        moved = _moved(ticket, events, policy, changed, at)
        events += [event_of(kind, data, command, at, policy.version, first=False) for kind, data in moved]
    return events


def _moved(ticket: Ticket, events: list[Event], policy: Policy, cause: str, at: datetime) -> Made:
    """What the owner was promised and is promised no more, if a change of the ticket did that.

    A deadline that is missed by the change is a breach, and nothing to look forward to.
    """
    after = fold(ticket.id, events, onto=ticket)
    found = new_deadlines(promises(ticket, policy), promises(after, policy))
    return told_anew({name: due for name, due in found.items() if due > at}, cause)


def told_anew(moved: Mapping[str, datetime], cause: str) -> Made:
    """The event that tells of deadlines that moved; nothing where none did."""
    if not moved:
        return []
    clock = min(moved, key=lambda name: moved[name])
    deadlines = {name: due.isoformat() for name, due in moved.items()}
    return [
        ("deadline_changed", {"clock": clock, "deadline": deadlines[clock], "deadlines": deadlines, "cause": cause})
    ]


def _unsettled(ticket: Ticket) -> bool:
    """Whether what was found may still be another: nobody appraised it, and no money moved by it."""
    return bool(ticket.finding) and not ticket.appraised and not ticket.money_moved


def _chargeable(ticket: Ticket) -> bool:
    """Whether the owner may be asked to pay: it is his to bear, and nobody disputes that."""
    return bears(ticket, OWNERS) and not ticket.disputed


def _offered(ticket: Ticket) -> bool:
    return ticket.quote.get("state") == "offered" and _chargeable(ticket)


def _f(*states: State) -> frozenset[State]:
    return frozenset(states)


MOVES: Mapping[str, Move] = {
    # the system routes, takes away, keeps the book of clocks
    "route": Move(OPEN, SYSTEM_ONLY, making.assign, when=lambda ticket: ticket.route_due),
    "route_to_desk": Move(
        OPEN,
        SYSTEM_ONLY,
        plain("routed_to_desk", "team", "person", "rule"),
        when=lambda ticket: ticket.route_due,
    ),
    "take_away": Move(making.HELD, SYSTEM_ONLY, making.take_away),
    "note_case": Move(frozenset(State), SYSTEM_ONLY, entrusting.note_case),
    "entrust": Move(TO_DO, SYSTEM_ONLY, entrusting.entrust),
    "leave": Move(OPEN, SYSTEM_ONLY, making.leave, when=lambda ticket: bool(ticket.holder or ticket.watchers)),
    "warn": Move(OPEN, SYSTEM_ONLY, plain("warned", "moment", "clock", "fraction", "person", "quiet")),
    "breach": Move(frozenset(State), SYSTEM_ONLY, plain("breached", "moment", "clock", "deadline", "person", "quiet")),
    "escalate": Move(
        frozenset(State),
        SYSTEM_ONLY,
        plain("escalated", "moment", "clock", "level", "person", "cause", "quiet"),
    ),
    "remind": Move(OPEN, SYSTEM_ONLY, plain("reminded", "moment", "clock", "level", "person", "quiet")),
    "note_failed_message": Move(frozenset(State), SYSTEM_ONLY, plain("message_failed", "message", "template", "to")),
    "join": Move(merging.GOES_ON, SYSTEM_ONLY, plain("joined", "ticket", "other", "level", "watchers")),
    "ask_link": Move(frozenset(State), SYSTEM_ONLY, plain("link_asked")),
    "link": Move(frozenset(State), SYSTEM_ONLY, plain("linked", "ticket", "cause")),
    "correct_schedule": Move(OPEN, SYSTEM_ONLY, plain("schedule_corrected", "cause")),
    "tell_new_deadline": Move(OPEN, SYSTEM_ONLY, plain("deadline_changed", "clock", "deadline", "deadlines", "cause")),
    # triage
    "assign": Move(TO_DO - {S.WAITING, S.ON_SITE}, DESKS, making.assign),
    "set_priority": Move(TO_DO | {S.RELAYED}, EMPLOYED, making.set_priority),
    "set_category": Move(TO_DO | {S.RELAYED}, EMPLOYED, making.set_category),
    "change_place": Move(TO_DO, DESKS, making.change_place),
    # work
    "contact": Move(OPEN, STAFF, plain("contacted", "how"), when=lambda ticket: not ticket.contacted),
    "acknowledge": Move(_f(S.ASSIGNED), WORKER, making.acknowledge, work=True),
    "decline": Move(_f(S.ASSIGNED, S.ACKNOWLEDGED, S.SCHEDULED), WORKER, making.decline, work=True),
    "offer_windows": Move(BEFORE_VISIT, WORKER | DESKS, making.offer, work=True),
    "choose_window": Move(BEFORE_VISIT, OWNER, making.choose, work=True, when=lambda ticket: bool(ticket.windows)),
    "propose_window": Move(_f(S.ASSIGNED, S.ACKNOWLEDGED, S.SCHEDULED), OWNER, making.propose, work=True),
    "set_window": Move(BEFORE_VISIT, WORKER | DESKS, making.choose, work=True),
    "arrive": Move(BEFORE_VISIT, WORKER, plain("arrived"), work=True),
    "tick_checklist": Move(_f(S.ON_SITE), WORKER, making.tick, work=True),
    "note": Move(OPEN, STAFF | OWNER, making.note),
    "pause": Move(_f(S.ACKNOWLEDGED, S.SCHEDULED, S.ON_SITE), WORKER | DESKS, waiting.pause, work=True),
    "wait_longer": Move(_f(S.WAITING), WORKER | DESKS, waiting.wait_longer, work=True),
    "ask_to_resume": Move(_f(S.WAITING), SYSTEM_ONLY, plain("resumption_asked", "person"), work=True),
    "resume": Move(_f(S.WAITING), WORKER | DESKS | SYSTEM_ONLY, waiting.resume, work=True),
    "propose_plan": Move(PLANNED, WORKER | DESKS, making.propose_plan, work=True),
    "agree_plan": Move(
        PLANNED, OWNER, making.agree_plan, work=True, when=lambda ticket: ticket.plan_proposed is not None
    ),
    "refuse_plan": Move(
        PLANNED, OWNER, making.refuse_plan, work=True, when=lambda ticket: ticket.plan_proposed is not None
    ),
    "complete": Move(_f(S.ON_SITE), WORKER, making.complete, work=True),
    # the owner
    "sign_off": Move(_f(S.COMPLETED), OWNER, finishing.sign, work=True),
    "refuse": Move(_f(S.COMPLETED), OWNER, finishing.refuse, work=True),
    "check": Move(_f(S.COMPLETED), ABOVE, finishing.check, work=True),
    "rate": Move(
        _f(S.COMPLETED, S.SIGNED_OFF, S.CLOSED), OWNER, finishing.rate, work=True, when=lambda ticket: not ticket.rated
    ),
    "say_why": Move(
        _f(S.COMPLETED, S.SIGNED_OFF, S.CLOSED),
        OWNER,
        finishing.say_why,
        work=True,
        when=lambda ticket: ticket.why_asked,
    ),
    "cancel": Move(TO_DO - {S.ON_SITE} | {S.RELAYED}, OWNER | DESKS, plain("cancelled", "reason")),
    "waive": Move(WORKING | {S.WAITING}, OWNER | DESKS, plain("waived", "reason"), work=True),
    "climb": Move(OPEN, OWNER, making.climb, when=lambda ticket: ticket.level < 3),
    "follow_up": Move(
        _f(S.COMPLETED, S.SIGNED_OFF),
        DESKS,
        finishing.follow_up,
        work=True,
        when=lambda ticket: not ticket.followed_up and ticket.kind is not Kind.SNAG,
    ),
    "hand_back": Move(OPEN, ABOVE, making.hand_back, when=lambda ticket: ticket.level > 1),
    "merge": Move(TO_DO - {S.ON_SITE}, DESKS, plain("merged", "into", "other")),
    # who is liable
    "give_verdict": Move(OPEN, SYSTEM_ONLY, finding.give_verdict, work=True, when=lambda ticket: ticket.verdict_due),
    "decide_liability": Move(
        OPEN, OFFICE, finding.decide_liability, work=True, when=lambda ticket: for_office(ticket) == "verdict"
    ),
    "find": Move(BEGUN, FINDERS, finding.find, work=True, when=lambda ticket: not ticket.finding),
    "correct_finding": Move(
        BEGUN | {S.CLOSED},
        FINDERS,
        finding.find,
        work=True,
        when=lambda ticket: _unsettled(ticket) and not ticket.disputed,
    ),
    "dispute_finding": Move(
        BEGUN,
        OWNER | OFFICE | {Role.CONTRACTOR},
        finding.dispute,
        work=True,
        when=lambda ticket: _unsettled(ticket) and not ticket.disputed,
    ),
    "appraise": Move(
        BEGUN | {S.CLOSED},
        OFFICE,
        finding.appraise,
        work=True,
        when=lambda ticket: ticket.disputed and _unsettled(ticket),
    ),
    "quote": Move(WORKING | {S.WAITING}, DESKS | OFFICE, finding.quote, work=True, when=_chargeable),
    "accept_quote": Move(WORKING | {S.WAITING}, OWNER, finding.accept_quote, work=True, when=_offered),
    "decline_quote": Move(WORKING | {S.WAITING}, OWNER, finding.decline_quote, work=True, when=_offered),
    "note_access": Move(
        WORKING | {S.WAITING}, WORKER | DESKS | OFFICE | OWNER, finding.note_access, work=True, when=of_contractor
    ),
    "note_claim": Move(frozenset(State), SYSTEM_ONLY, plain("compensation_claimed", "record")),
    "note_money": Move(
        frozenset(State),
        SYSTEM_ONLY,
        plain("money_moved", "what", "record"),
        when=lambda ticket: not ticket.money_moved,
    ),
    # complaint, enquiry, suggestion
    "relay": Move(
        _f(S.REPORTED, S.RELAYED), DESKS, complaining.relay, when=lambda ticket: ticket.kind is Kind.COMPLAINT
    ),
    "answer": Move(_f(S.REPORTED, S.RELAYED, S.ANSWERED), DESKS | DEPARTMENT, complaining.answer, work=False),
    "write_result": Move(
        _f(S.ANSWERED, S.RELAYED),
        DESKS | DEPARTMENT,
        said("result_written"),
        when=lambda ticket: ticket.kind is Kind.COMPLAINT,
    ),
    "confirm": Move(
        _f(S.RESULT_WRITTEN), DESKS | OWNER, complaining.satisfaction, when=lambda ticket: ticket.kind is Kind.COMPLAINT
    ),
}
