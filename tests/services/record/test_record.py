"""The one way in which a ticket changes, whoever asks for it and wherever."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.record.errors import IllegalMove, NotAllowed
from chalicelib.domain.record.roles import DESKS
from chalicelib.domain.ticket.command import answered
from chalicelib.domain.ticket.lifecycle import MOVES, Command, legal
from chalicelib.domain.ticket.promises import promises
from chalicelib.domain.ticket.ticket import Actor, Role, Ticket
from chalicelib.services.access import access, codes
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket import frontdesk, leaving
from chalicelib.store import grants, records
from tests.world import STAFF, World
from tests.world import world as fresh_world

PACKAGE = Path(__file__).resolve().parents[3] / "chalicelib"
LATE = timedelta(minutes=5)
WAYS: dict[str, tuple[str, str, str, tuple[tuple[str, str], ...]]] = {
    "reported": ("repair", "马桶堵了", "", ()),
    "assigned": ("repair", "马桶堵了", "pump", ()),
    "acknowledged": ("repair", "马桶堵了", "pump", (("acknowledge", ""),)),
    "scheduled": ("repair", "马桶堵了", "pump", (("acknowledge", ""), ("set_window", ""))),
    "on_site": ("repair", "马桶堵了", "pump", (("acknowledge", ""), ("arrive", ""))),
    "waiting": ("repair", "马桶堵了", "pump", (("acknowledge", ""), ("arrive", ""), ("pause", ""))),
    "completed": ("repair", "马桶堵了", "pump", (("acknowledge", ""), ("arrive", ""), ("complete", ""))),
    "signed_off": (
        "repair",
        "马桶堵了",
        "pump",
        (("acknowledge", ""), ("arrive", ""), ("complete", ""), ("sign_off", "reporter")),
    ),
    "complained": ("complaint", "没人理我", "pump", ()),
    "relayed": ("complaint", "没人理我", "pump", (("relay", "d1"),)),
    "asked": ("enquiry", "几点开门", "pump", ()),
}


def facts(move: str, at: datetime) -> dict[str, Any]:
    """What a move needs to be told."""
    window = [(at + timedelta(hours=1)).isoformat(), (at + timedelta(hours=2)).isoformat()]
    place = {"subsidiary": "S1", "project": "P1", "building": "B1", "unit": "U2", "label": "P1苑 U2"}
    return {
        "assign": {"person": "e3"},
        "offer_windows": {"windows": [window]},
        "set_window": {"window": window},
        "pause": {"reason": "parts", "until": (at + timedelta(days=3)).isoformat()},
        "wait_longer": {"until": (at + timedelta(days=5)).isoformat()},
        "set_priority": {"priority": "urgent"},
        "set_category": {"category": "lift"},
        "change_place": {"place": place},
        "propose_plan": {"until": (at + timedelta(days=2)).isoformat()},
        "follow_up": {"fixed": True},
        "relay": {"to": "engineering"},
        "confirm": {"satisfied": True},
        "merge": {"into": "x"},
        "find": {"cause": "other", "shares": [["developer", 100]]},
        "note_access": {"what": "offered"},
    }.get(move, {})


def standing(world: World, way: str) -> Ticket:
    """A ticket that stands somewhere in its life."""
    kind, words, pumped, steps = WAYS[way]
    ticket = world.report(words, kind=kind).id
    if pumped:
        world.pump()
    for move, who in steps:
        world.do(ticket, move, who, **facts(move, world.at))
        world.pump()
    return world.load(ticket)


def own_link(who: str) -> str:
    """The token of somebody's own link."""
    grant = access.staff_grant(who, STAFF[who][0], 1)
    token = access.token(grant)
    grants.put(grant, access.hash_of(token))
    return token


def overdue(ticket: Ticket, at: datetime) -> set[str]:
    """The runs of clocks whose deadline has passed unrecorded."""
    runs = (p for p in promises(ticket, policy_for(ticket.place)) if p.running and p.clock.breached(at))
    return {f"{p.clock.name}:due" for p in runs} - ticket.recorded


def cases() -> Iterator[tuple[str, str, str]]:
    """Every move that a desk makes, on every ticket that it can be made on."""
    for way in WAYS:
        with fresh_world() as world:
            ticket = standing(world, way)
            for name, move in MOVES.items():
                who = "d1" if Role.DESK in move.by else "s1"
                if move.by & DESKS and legal(ticket, name, world.actor(who).role):
                    yield way, name, who


@pytest.mark.parametrize(("way", "move", "who"), list(cases()))
def test_no_move_of_a_desk_hides_a_deadline_that_has_passed(world: World, way: str, move: str, who: str) -> None:
    """For each clock that runs: its deadline has passed, the timer has not run yet, and the desk moves."""
    token = own_link(who)
    which = 0
    while True:
        ticket = standing(world, way)
        runs = promises(ticket, policy_for(ticket.place))
        deadlines = sorted({p.clock.due_at for p in runs if p.running and p.clock.due_at})
        if which == len(deadlines):
            break
        world.at = deadlines[which] + LATE
        which += 1
        missed = overdue(ticket, world.at)
        assert missed
        said = {"words": "好的", "photos": ["p"]}
        data = {**facts(move, world.at), "of": answered(ticket, move)}
        if move == "assign" and not ticket.is_work:
            data["person"] = "d2"  # a desk alone answers what nobody comes for
        if move == "merge":
            data["into"] = world.report("马桶堵了", kind=WAYS[way][0]).id
        after = frontdesk.move(token, ticket.id, move, world.at, data=data, said=said)
        recorded = {e.data["moment"]: e.version for e in after.events if e.kind == "breached"}
        assert missed <= recorded.keys()
        assert all(recorded[key] < after.version for key in missed)


def test_a_window_that_the_desk_sets_too_late_leaves_the_missed_arrival_on_record(world: World) -> None:
    ticket = standing(world, "acknowledged")
    arrive = next(p for p in promises(ticket, policy_for(ticket.place)) if p.name == "arrive")
    assert arrive.clock.due_at
    world.at = arrive.clock.due_at + LATE
    data = {**facts("set_window", world.at), "of": answered(ticket, "set_window")}
    frontdesk.move(own_link("d1"), ticket.id, "set_window", world.at, data=data, said={})
    world.advance(days=1)
    kinds = world.kinds(ticket)
    assert "arrive:due" in world.load(ticket).recorded
    assert kinds.index("breached") < kinds.index("window_chosen")


@pytest.mark.parametrize("asks", ["a new link", "a leaver", "act"])
def test_what_the_system_does_to_a_ticket_hides_none_either(world: World, asks: str) -> None:
    ticket = standing(world, "reported" if asks == "act" else "assigned")
    world.at += timedelta(minutes=45)
    missed = overdue(ticket, world.at)
    assert missed
    if asks == "a new link":
        codes.send_again(ticket.number, "192.0.2.1", world.at)
    elif asks == "a leaver":
        leaving.release(frozenset({ticket.holder}), world.at)
    else:
        world.deliver(_act, world.to_act)
    last = world.load(ticket)
    recorded = {e.data["moment"]: e.version for e in last.events if e.kind == "breached"}
    assert missed <= recorded.keys()
    assert max(recorded.values()) < last.version


def _act(batch: dict[str, Any], context: object) -> dict[str, Any]:
    from chalicelib.functions import act

    return act.act(batch, context)


def test_the_team_of_who_is_assigned_is_found_whoever_assigns(world: World) -> None:
    ticket = standing(world, "assigned")
    by = Actor("d1", Role.DESK)
    after = record.perform(
        Command("assign", by, {"person": "e1", "team": "P2/desk", "of": answered(ticket, "assign")}),
        ticket.id,
        world.at,
    )
    assert (after.holder, after.team) == ("e1", "P1/engineering")
    with pytest.raises(NotAllowed):
        record.perform(Command("assign", Actor("e1", Role.TECHNICIAN), {"person": "nobody"}), ticket.id, world.at)


def test_a_move_that_is_illegal_by_then_is_refused_and_leaves_nothing(world: World) -> None:
    ticket = standing(world, "assigned")
    world.at += timedelta(hours=3)
    with pytest.raises(IllegalMove):
        record.perform(Command("complete", Actor(ticket.holder, Role.TECHNICIAN)), ticket.id, world.at)
    assert world.load(ticket).version == ticket.version


MECHANISM = PACKAGE / "services" / "record"


BESIDE = ("merging.py", "letters.py", "batching.py", "sealing.py", "making.py")


def test_nobody_but_the_mechanism_decides_or_appends() -> None:
    """A page, command or function that did would lack what the one way has: late moments, numbers, time.

    Merging, joining, countering append several records at once; letters and batches take their number with the change:
    events that the mechanism decided.
    """
    for path in PACKAGE.rglob("*.py"):
        forbidden = {"decide", "come"} if path.name in BESIDE else {"decide", "append", "come"}
        if path.is_relative_to(MECHANISM) or path.is_relative_to(PACKAGE / "domain"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert not forbidden & {name.name for name in node.names}, f"{path}:{node.lineno}"
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                ours = node.value.id in ("record", "tickets", "records", "lifecycle", "moments")
                assert not (ours and node.attr in forbidden), f"{path}:{node.lineno}"


def test_no_change_is_made_without_a_time() -> None:
    import inspect

    for way in (record.perform, record.change, record.decided):
        assert inspect.signature(way).parameters["at"].default is inspect.Parameter.empty


def test_a_link_that_is_asked_for_is_an_event_like_any_other(world: World) -> None:
    ticket = standing(world, "assigned")
    codes.send_again(ticket.number, "192.0.2.1", world.at)
    asked = world.load(ticket).events[-1]
    assert (asked.kind, asked.channel, asked.policy) == ("link_asked", "web", policy_for(ticket.place).version)
    assert records.load(ticket.id) is not None
