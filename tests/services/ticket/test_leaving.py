"""Who works here no more holds and watches nothing, whatever the state; somebody who works has it and is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.ticket.lifecycle import Command
from chalicelib.domain.ticket.ticket import SYSTEM, State, Ticket
from chalicelib.services.access import access
from chalicelib.services.access.access import NoAccess
from chalicelib.services.record import record
from chalicelib.services.ticket import leaving
from chalicelib.store import people
from tests.model.crashes import CUT, Scissors
from tests.world import STAFF, World

WINDOW = ["2026-03-02T14:00:00+08:00", "2026-03-02T16:00:00+08:00"]
Steps = tuple[tuple[str, str, dict[str, Any]], ...]  # (move, who; "" the holder, facts)
ACKNOWLEDGED: Steps = (("acknowledge", "", {"windows": [WINDOW]}),)
ON_SITE: Steps = (*ACKNOWLEDGED, ("arrive", "", {}))
COMPLETED: Steps = (*ON_SITE, ("complete", "", {}))
RELAYED: Steps = (("relay", "d1", {"to": "engineering"}),)
ANSWERED: Steps = (*RELAYED, ("answer", "d1", {}))
WORK: dict[str, Steps] = {
    "assigned": (),
    "acknowledged": ACKNOWLEDGED,
    "scheduled": (*ACKNOWLEDGED, ("choose_window", "reporter", {"window": WINDOW})),
    "on_site": ON_SITE,
    "waiting": (*ON_SITE, ("pause", "", {"reason": "parts"})),
    "completed": COMPLETED,
    "signed_off": (*COMPLETED, ("sign_off", "reporter", {})),
}
ANSWERS: dict[str, Steps] = {
    "reported": (),
    "relayed": RELAYED,
    "answered": ANSWERED,
    "result_written": (*ANSWERED, ("write_result", "d1", {})),
}
STATES = {("repair", state): steps for state, steps in WORK.items()}
STATES |= {("complaint", state): steps for state, steps in ANSWERS.items()}
STANDING = ("holder", "supervisor", "hotline")


def come_to(world: World, kind: str, state: str) -> Ticket:
    ticket = world.report(kind=kind)
    world.pump()
    for move, who, facts in STATES[kind, state]:
        world.do(ticket, move, who, **facts)
    world.pump()
    for level, person in ((2, "s1"), (3, "h1")):
        data = {"clock": "resolve", "level": level, "cause": "breach", "person": person}
        record.perform(Command("escalate", SYSTEM, data), ticket.id, world.at)
    world.pump()
    now = world.load(ticket)
    assert now.state.value == state
    assert now.holder
    return now


def dismiss(world: World, who: str) -> None:
    world.employ(who, STAFF[who][0], active=False)


def works(who: str) -> bool:
    found = people.get(who)
    return found is not None and found.person.active


@pytest.mark.parametrize("how", STANDING)
@pytest.mark.parametrize(("kind", "state"), STATES)
def test_whatever_the_state_and_however_they_stood_on_it_nothing_is_left_to_a_leaver(
    world: World, kind: str, state: str, how: str
) -> None:
    ticket = come_to(world, kind, state)
    gone = {"holder": ticket.holder, "supervisor": "s1", "hotline": "h1"}[how]
    before = {m.sk for m in world.told(ticket)}
    if how == "hotline":
        world.employ("h2", "group/hotline", duty=STAFF["h1"][2])
    dismiss(world, gone)
    with pytest.raises(NoAccess):
        access.actor_on(access.ticket_grant(ticket.id, gone), ticket)
    leaving.release(frozenset({gone}), world.at)
    world.pump()
    now = world.load(ticket)
    assert not now.stands(gone)
    assert {level: works(who) for level, who in now.watchers.items()} == {2: True, 3: True}
    told = [m for m in world.told(ticket) if m.sk not in before]
    assert gone not in {m.to for m in told}
    if how != "holder":
        level = 2 if how == "supervisor" else 3
        assert [m.to for m in told if m.template == "escalated"] == [now.watchers[level]]
        assert now.holder == ticket.holder
    elif state in ("completed", "signed_off"):
        assert (now.holder, now.state.value) == ("", state)
    else:
        assert works(now.holder)
        assert now.holder in {m.to for m in told}
    assert "declined" not in world.kinds(ticket)
    assert leaving.release(frozenset({gone}), world.at) == (0, 0)


@pytest.mark.parametrize("move", ["refuse", "follow_up"])
def test_refused_work_of_a_leaver_goes_to_somebody_who_works_and_is_told(world: World, move: str) -> None:
    ticket = come_to(world, "repair", "completed")
    gone = ticket.holder
    dismiss(world, gone)
    leaving.release(frozenset({gone}), world.at)
    world.do(ticket, move, "reporter" if move == "refuse" else "d1", **({} if move == "refuse" else {"fixed": False}))
    world.pump()
    now = world.load(ticket)
    assert now.state is State.ASSIGNED
    assert works(now.holder)
    assert "assigned" in {m.template for m in world.told(ticket) if m.to == now.holder}
    assert now.rounds == 1


def test_what_the_owner_adds_to_finished_work_of_a_leaver_is_told_to_the_desk(world: World) -> None:
    ticket = come_to(world, "repair", "completed")
    dismiss(world, ticket.holder)
    leaving.release(frozenset({ticket.holder}), world.at)
    world.pump()
    world.do(ticket, "note", "reporter")
    world.pump()
    assert [STAFF[m.to][0] for m in world.told(ticket) if m.template == "noted"] == ["P1/desk"]


def test_a_pause_ends_with_whoever_took_it(world: World) -> None:
    ticket = come_to(world, "repair", "waiting")
    dismiss(world, ticket.holder)
    leaving.release(frozenset({ticket.holder}), world.at)
    assert world.kinds(ticket)[-2:] == ["resumed", "left"]
    assert world.load(ticket).pause_reason == ""


def test_what_loading_missed_the_night_finds(world: World) -> None:
    """Loading was cut off, or the work came back after it: nobody who left is found on anything in the morning."""
    found = [come_to(world, kind, state) for kind, state in (("repair", "on_site"), ("complaint", "relayed"))]
    for who in {"s1", *(ticket.holder for ticket in found)}:
        dismiss(world, who)
    world.at += timedelta(minutes=10)
    world.reconcile()
    world.pump()
    for ticket in map(world.load, found):
        assert works(ticket.holder)
        assert all(works(who) for who in ticket.watchers.values())


@pytest.mark.parametrize("state", ["assigned", "completed"])
@pytest.mark.parametrize("point", range(5))
def test_cut_off_anywhere_it_can_be_done_again(world: World, point: int, state: str) -> None:
    ticket = come_to(world, "repair", state)
    dismiss(world, ticket.holder)
    with Scissors(world, lambda what: None).cutting((point, CUT)):
        leaving.release(frozenset({ticket.holder}), world.at)
    leaving.release(frozenset({ticket.holder}), world.at)
    world.pump()
    assert world.kinds(ticket).count("left") == 1
    assert not world.load(ticket).stands(ticket.holder)


def test_somebody_who_works_keeps_what_is_theirs(world: World) -> None:
    ticket = come_to(world, "repair", "on_site")
    assert leaving.leavers_on(ticket) == frozenset()
    assert leaving.release(frozenset({"b9"}), world.at) == (0, 0)
    assert world.load(ticket).version == ticket.version
