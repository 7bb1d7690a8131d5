"""Who could take a ticket."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.services.ticket import frontdesk
from tests.world import World


def test_whoever_has_the_trade_comes_first_then_who_is_on_duty_then_whose_shift_begins_soonest(world: World) -> None:
    frontdesk.forget()
    ticket = world.report("马桶堵了")
    night = world.at + timedelta(hours=13)  # 22:00: the day shifts are over
    found = frontdesk.candidates(world.load(ticket), night)
    assert [c.staff.id for c in found][:4] == ["e4", "e1", "e2", "e3"]
    assert found[0].on_duty
    assert found[1].shift
    assert found[1].shift[0] > night
    assert {c.staff.person.team for c in found[-2:]} != {"P1/engineering"}
    assert all(c.skilled for c in found[:4])


def test_whoever_declined_it_comes_last(world: World) -> None:
    frontdesk.forget()
    ticket = world.report("卫生间漏水")
    world.pump()
    first = world.load(ticket).holder
    world.do(ticket, "decline", first)
    assert frontdesk.candidates(world.load(ticket), world.at)[-1].staff.id == first
