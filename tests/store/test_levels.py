"""The lists of the levels above the property's desk: what climbed, every emergency, and nothing of what ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from chalicelib.services.record.rebuilding import rebuild
from chalicelib.store import levels, records, tickets
from chalicelib.store.table import Change, Delete, Write
from tests.promised import CONTRACT, promise
from tests.world import World


def at(desk: str) -> list[str]:
    return [line.id for line in tickets.queue(desk)[0]]


def held(person: str) -> list[str]:
    return [line.id for line in tickets.held_by(person)[0]]


def test_what_climbs_stands_in_the_list_of_its_level_and_of_whoever_answers_there(world: World) -> None:
    ticket = world.report("卫生间漏水")
    world.pump()
    assert at("S1/desk2") == []
    world.advance(hours=1)
    climbed = world.load(ticket)
    person = climbed.watchers[2]
    assert at("S1/desk2") == [ticket.id]
    assert held(person) == [ticket.id]
    assert at("P1/desk") == [ticket.id]
    assert held(climbed.holder) == [ticket.id]


def test_an_emergency_is_in_the_list_of_every_level_from_its_first_minute(world: World) -> None:
    gas = world.report("厨房有煤气味")
    leak = world.report("卫生间漏水", unit="U2")
    assert at("S1/desk2") == [gas.id]
    assert at("group/hotline") == [gas.id]
    assert leak.id not in at("S1/desk2")


def test_the_entries_follow_the_ticket_and_go_with_it(world: World) -> None:
    ticket = world.report("厨房有煤气味")
    world.pump()
    world.advance(hours=1)
    for desk, level in (("S1/desk2", 2), ("group/hotline", 3)):
        line = tickets.queue(desk)[0][0]
        assert line.by == world.head(ticket)["by"].removeprefix("!")
        assert line.line["y"] == level
    person = world.load(ticket).watchers[2]
    world.do(ticket, "cancel", "d1")
    assert at("S1/desk2") == at("group/hotline") == held(person) == []


def test_whoever_answers_at_two_levels_or_holds_it_too_has_it_once(world: World) -> None:
    ticket = world.report("厨房有煤气味")
    world.pump()
    world.advance(hours=1)
    held_by_anybody = world.load(ticket)
    for person in {held_by_anybody.holder, *held_by_anybody.watchers.values()}:
        assert held(person).count(ticket.id) == 1


def test_what_is_handed_back_is_off_the_list(world: World) -> None:
    ticket = world.report("卫生间漏水")
    world.pump()
    world.advance(hours=1)
    assert at("S1/desk2") == [ticket.id]
    before = world.load(ticket)
    world.do(ticket, "hand_back", before.watchers[before.level], words="请今天上门")
    assert ticket.id not in at(f"{'group/hotline' if before.level == 3 else 'S1/desk2'}")


def test_the_night_writes_entries_anew_that_are_missing_or_wrong(world: World) -> None:
    ticket = world.report("厨房有煤气味")
    key = records.key(ticket.id)
    world.table.write(Delete((key, "WATCH#2")))
    world.table.write(Change((key, "WATCH#3"), sets={"by": "9998"}))
    assert rebuild(ticket.id, world.at)
    assert at("S1/desk2") == [ticket.id]
    assert tickets.queue("group/hotline")[0][0].by == tickets.queue("P1/desk")[0][0].by
    assert not rebuild(ticket.id, world.at)


def test_nobody_who_moves_a_ticket_needs_leave_to_delete(world: World) -> None:
    ticket = world.report("厨房有煤气味")
    world.table.transact = _without_deletes(world.table.transact)  # type: ignore[method-assign]
    world.do(ticket, "cancel", "d1")
    assert at("S1/desk2") == at("group/hotline") == []


def _without_deletes(transact: Callable[..., None]) -> Callable[..., None]:
    def refuses(writes: Sequence[Write], token: str = "") -> None:
        assert not any(isinstance(write, Delete) for write in writes)
        transact(writes, token)

    return refuses


def test_what_waits_for_the_warranty_office_stands_in_its_list_until_it_is_done(world: World) -> None:
    promise(world, CONTRACT, replace(CONTRACT, id="C2", number="HT-02"))
    ticket = world.report("卫生间漏水", category="water_leak", component="bathroom")
    world.pump()
    assert [line.id for line in tickets.queue("S1/office")[0]] == [ticket.id]
    world.do(ticket, "acknowledge")
    [line] = tickets.queue("S1/office")[0]
    assert line.line["s"] == "acknowledged"  # it changes with the head
    world.reconcile()
    world.do(ticket, "decide_liability", "o1", payer="contractor", contract="C2")
    assert tickets.queue("S1/office")[0] == []
    world.do(ticket, "arrive")
    found = {"words": "管根开裂", "photos": ["/p"]}
    world.do(ticket, "find", said=found, cause="misuse", shares=[["owner", 100]])
    world.do(ticket, "dispute_finding", "reporter")
    assert [line.id for line in tickets.queue("S1/office")[0]] == [ticket.id]
    world.do(ticket, "appraise", "o1", said=found, upheld=True)
    assert tickets.queue("S1/office")[0] == []


def test_an_entry_of_the_office_that_is_lost_is_mended_at_night(world: World) -> None:
    promise(world, CONTRACT, replace(CONTRACT, id="C2", number="HT-02"))
    ticket = world.report("卫生间漏水", category="water_leak", component="bathroom")
    world.pump()
    world.table.write(Delete((f"TICKET#{ticket.id}", levels.OFFICE)))
    assert tickets.queue("S1/office")[0] == []
    world.advance(hours=1)
    world.reconcile()
    assert [line.id for line in tickets.queue("S1/office")[0]] == [ticket.id]
