"""Merging loses no report: what goes on is open, of the same kind and place, and both sides hear of it."""

from __future__ import annotations

import pytest

from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.record.number import spoken
from chalicelib.domain.ticket.lifecycle import Command
from chalicelib.domain.ticket.ticket import SYSTEM, State, Ticket
from chalicelib.services.record import record
from tests.model.crashes import CUT, Scissors
from tests.world import World


def two(world: World) -> tuple[Ticket, Ticket]:
    """The same leak, reported from two flats."""
    one, other = world.report("卫生间漏水", unit="U1"), world.report("天花板漏水", unit="U2")
    world.pump()
    return world.load(one), world.load(other)


def refused(world: World, one: Ticket, into: Ticket | str, reason: str, who: str = "d1") -> None:
    with pytest.raises(Invalid) as fault:
        world.do(one, "merge", who, into=into if isinstance(into, str) else into.id)
    assert (fault.value.field, fault.value.reason) == ("into", reason)
    assert world.load(one).is_open


def test_the_one_ends_the_other_goes_on_and_each_names_the_other(world: World) -> None:
    one, other = two(world)
    world.do(one, "merge", "d1", into=other.id)
    gone, stays = world.load(one), world.load(other)
    assert (gone.state, gone.goes_on, gone.linked) == (State.MERGED, other.number, (other.id,))
    assert (stays.state, stays.linked, stays.holder) == (other.state, (one.id,), other.holder)
    assert world.kinds(other)[-1] == "joined"


def test_the_reporter_hears_where_it_goes_on_and_who_has_that_one_hears_of_it(world: World) -> None:
    one, other = two(world)
    world.sends = world.send_really
    world.do(one, "merge", "d1", into=other.id)
    world.pump()
    to = {m.template: m.to for m in world.told(one)}
    assert to["merged"] == "reporter"
    assert to["merged_away"] == one.holder
    assert {m.template: m.to for m in world.told(other)}["joined"] == other.holder
    said = [call["Message"] for call in world.provider.sent if "Message" in call]
    assert [text for text in said if spoken(other.number) in text and spoken(one.number) in text]


def test_into_each_other_they_are_not_merged(world: World) -> None:
    one, other = two(world)
    world.do(one, "merge", "d1", into=other.id)
    refused(world, other, one, "not_found")
    assert world.load(other).is_open


def test_not_into_itself_nor_into_nothing(world: World) -> None:
    one, _ = two(world)
    refused(world, one, one, "not_found")
    refused(world, one, "0" * 26, "not_found")


@pytest.mark.parametrize("end", ["cancelled", "completed", "signed_off"])
def test_not_into_what_is_over_or_waits_for_the_owner_alone(world: World, end: str) -> None:
    one, other = two(world)
    if end == "cancelled":
        world.do(other, "cancel", "reporter")
    else:
        for move in ("acknowledge", "arrive", "complete"):
            world.do(other, move)
        if end == "signed_off":
            world.do(other, "sign_off", "reporter")
    refused(world, one, other, "not_found")


def test_not_into_another_kind_or_another_project(world: World) -> None:
    one, _ = two(world)
    complaint = world.report("太吵", kind="complaint", unit="U3")
    elsewhere = world.report("卫生间漏水", unit="V1")
    world.pump()
    refused(world, one, complaint, "other_kind")
    refused(world, one, elsewhere, "other_place")


def test_an_emergency_does_not_end_in_something_that_waits_three_days(world: World) -> None:
    one, other = two(world)
    world.do(one, "set_priority", "d1", priority="emergency")
    refused(world, one, other, "less_urgent")
    world.do(other, "merge", "d1", into=one.id)
    assert world.load(one).is_open


def test_who_answers_for_the_one_at_a_level_answers_for_the_other(world: World) -> None:
    one, other = two(world)
    for level, person in ((2, "s2"), (3, "h1")):
        data = {"clock": "arrive", "level": level, "cause": "breach", "person": person}
        record.perform(Command("escalate", SYSTEM, data), one.id, world.at)
    data = {"clock": "arrive", "level": 2, "cause": "breach", "person": "s1"}
    record.perform(Command("escalate", SYSTEM, data), other.id, world.at)
    world.do(one, "merge", "d1", into=other.id)
    stays = world.load(other)
    assert (stays.level, dict(stays.watchers)) == (3, {2: "s1", 3: "h1"})


def test_only_a_desk_merges_and_nobody_joins_by_hand(world: World) -> None:
    one, other = two(world)
    with pytest.raises(NotAllowed):
        world.do(one, "merge", "reporter", into=other.id)
    with pytest.raises(NotAllowed):
        record.perform(Command("join", world.actor("d1"), {"ticket": other.id}), one.id, world.at)


def test_sent_twice_it_is_merged_once(world: World) -> None:
    one, other = two(world)
    for _ in range(2):
        world.do(one, "merge", "d1", into=other.id, key="merge-once")
    assert world.kinds(other).count("joined") == 1
    with pytest.raises(IllegalMove):
        world.do(one, "merge", "d1", into=other.id)


def test_cut_off_anywhere_both_are_written_or_neither(world: World) -> None:
    one, other = two(world)
    point = 0
    while world.load(one).is_open:
        with Scissors(world, lambda what: None).cutting((point, CUT)):
            world.do(one, "merge", "d1", into=other.id, key="merge-once")
        assert (world.load(one).state is State.MERGED) == (one.id in world.load(other).linked)
        point += 1
    assert point > 1


def test_a_deadline_that_had_passed_of_either_is_on_record_first(world: World) -> None:
    one, other = two(world)
    world.at = world.at.replace(hour=3)
    world.do(one, "merge", "d1", into=other.id)
    for ticket, last in ((one, "merged"), (other, "joined")):
        kinds = world.kinds(ticket)
        assert "breached" in kinds
        assert kinds.index("breached") < kinds.index(last)
