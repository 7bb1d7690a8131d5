"""No state without a next moment: every way that a ticket can go is walked, by whatever moves whoever may make.

Wherever an open ticket comes to, the system is at it, a clock runs, or a wait has its day; and somebody has to act.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.record.errors import Refused
from chalicelib.domain.ticket.command import ANSWERS, Command, answered
from chalicelib.domain.ticket.lifecycle import MOVES, decide, legal
from chalicelib.domain.ticket.promises import promises
from chalicelib.domain.ticket.ticket import Actor, Kind, Role, State, Ticket, fold
from tests.domain.ahead import lacks
from tests.domain.happened import HOUR, POLICY, Life
from tests.domain.samples import SIGNED

PEOPLE = {Role.OWNER: "reporter", Role.SYSTEM: "system", Role.DESK: "d1", Role.SUPERVISOR: "s1", Role.HOTLINE: "h1"}
# What only the book of clocks notes, and what another ticket brings: it leads nowhere by itself.
BESIDE = {"warn", "breach", "escalate", "remind", "note_failed_message", "link", "join", "tell_new_deadline"}
BESIDE |= {"correct_schedule", "ask_link", "hand_back", "climb", "note", "change_place", "set_category", "note_case"}
# Who is liable goes beside the ticket's life, and is walked in test_liability.py.
BESIDE |= {"give_verdict", "decide_liability", "find", "correct_finding", "dispute_finding", "appraise"}
BESIDE |= {"quote", "accept_quote", "decline_quote", "note_access", "note_money", "note_claim"}
STEP = 2 * HOUR
MOST = 400  # situations of a kind; far more than there are


def facts(ticket: Ticket, name: str, at: datetime) -> list[dict[str, Any]]:
    """The ways in which a move can be made."""
    window = [(at + 3 * HOUR).isoformat(), (at + 5 * HOUR).isoformat()]
    of = {"of": answered(ticket, name)} if name in ANSWERS else {}
    known: dict[str, list[dict[str, Any]]] = {
        "route": [{"team": "P1/building", "person": "b1"}],
        "route_to_desk": [{"team": "P1/desk", "person": "d1"}],
        "assign": [{"team": "P1/building", "person": "b2"}],
        "leave": [{"person": ticket.holder}],
        "entrust": [{"team": "C1/contractor", "person": "k1"}, {"team": "", "person": ""}],
        "offer_windows": [{"windows": [window]}],
        "propose_window": [{"window": window}],
        "choose_window": [{"window": [w.start.isoformat(), w.end.isoformat()]} for w in ticket.windows[:1]],
        "set_window": [{"window": window}],
        "complete": [{"done": list(POLICY.categories[ticket.category].checklist)}],
        "pause": [{"reason": r, "until": (at + timedelta(days=3)).isoformat()} for r in POLICY.pauses],
        "wait_longer": [{"until": (at + timedelta(days=9)).isoformat()}],
        "propose_plan": [{"until": (at + timedelta(days=5)).isoformat()}],
        "rate": [{"scores": dict.fromkeys(("overall", "speed", "thoroughness", "manners"), n)} for n in (1, 5)],
        "follow_up": [{"fixed": True}, {"fixed": False}, {"outcome": "not_reached"}, {"outcome": "refused"}],
        "set_priority": [{"priority": p} for p in ("emergency", "urgent", "normal")],
        "relay": [{"to": "gc", "name": "工程部", "team": "P1/dept/gc", "person": "g1"}],
        "confirm": [{"satisfied": True}, {"satisfied": False, "person": "s1"}],
    }
    return [{**of, **more} for more in known.get(name, [{}])]


def actor(ticket: Ticket, role: Role) -> Actor:
    return Actor(PEOPLE.get(role, ticket.holder or "b1"), role)


def steps(ticket: Ticket) -> Iterator[tuple[str, Role, Ticket]]:
    """Every move that somebody can make now, and what the ticket is then."""
    at = ticket.events[-1].at + STEP
    said = {"words": "好的", "photos": ["p"], "signature": SIGNED}
    for name in MOVES.keys() - BESIDE:
        for role in Role:
            if not legal(ticket, name, role):
                continue
            for data in facts(ticket, name, at):
                try:
                    made = decide(ticket, Command(name, actor(ticket, role), data, said), at, POLICY)
                except Refused:
                    continue
                if made:
                    yield name, role, fold(ticket.id, made, onto=ticket)


def situation(ticket: Ticket) -> tuple[Any, ...]:
    """What tells two tickets apart here: not who or when."""
    running = tuple(sorted((p.name, p.clock.paused_at is None) for p in promises(ticket, POLICY) if p.running))
    return (
        *(ticket.state, ticket.before, bool(ticket.holder), ticket.route_due, ticket.at_desk),
        *(bool(ticket.windows), ticket.signed, ticket.followed_up, bool(ticket.department), running),
    )


def walk(kind: str) -> tuple[list[Ticket], set[str]]:
    """Every situation that a kind of ticket can come to, and the moves that led there."""
    begin = Life(kind, "normal").ticket
    found, made = {situation(begin): begin}, set[str]()
    ahead = [begin]
    while ahead and len(found) < MOST:
        ticket = ahead.pop(0)
        for name, _, after in steps(ticket):
            made.add(name)
            if situation(after) not in found:
                found[situation(after)] = after
                ahead.append(after)
    return list(found.values()), made


@pytest.mark.parametrize("kind", Kind)
def test_wherever_a_ticket_comes_to_something_is_ahead_and_somebody_has_to_act(kind: Kind) -> None:
    found, made = walk(kind.value)
    assert {lacks(t, POLICY): [e.kind for e in t.events] for t in found if lacks(t, POLICY)} == {}
    states = {t.state for t in found}
    if kind is Kind.COMPLAINT:
        assert states >= {State.RELAYED, State.ANSWERED, State.RESULT_WRITTEN, State.CLOSED}
    elif found[0].is_work:
        never = {State.SIGNED_OFF} if kind is Kind.SNAG else set()  # whoever looks at a snag again closes it
        assert states >= set(State) - {State.RELAYED, State.ANSWERED, State.RESULT_WRITTEN, *never}
        assert not states & never
    else:
        assert states >= {State.REPORTED, State.CLOSED, State.CANCELLED}
    mine = {name for name in MOVES if any(legal(t, name, role) for t in found for role in Role)} - BESIDE
    assert len(found) < MOST
    assert mine - made <= {"agree_plan", "refuse_plan", "say_why", "tick_checklist"}, mine - made


def test_the_walk_would_notice_where_nothing_runs() -> None:
    told = Life("complaint").then("assigned", HOUR).then("answered", 2 * HOUR).then("result_written", 3 * HOUR)
    assert lacks(told.ticket, POLICY) == ""
    assert lacks(told.then("satisfied", 4 * HOUR).ticket, POLICY) == "no clock runs, and it waits for no day"
