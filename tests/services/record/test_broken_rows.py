"""One broken row breaks one row: lists, walks and repairs go on for all others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.commands import rebuild
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access
from chalicelib.services.ticket import choosing, dispatch, frontdesk, worklist
from chalicelib.store import erasures, grants, messages, people, records
from chalicelib.store.reading import Unreadable
from chalicelib.store.table import Put
from tests.world import STAFF, World

LINES = ["", "no json", "[]", "7", "{}", '{"n":"1","k":"repair","s":"no such state","p":"normal"}', '{"n":1,"k":[]}']


def link(who: str) -> str:
    grant = access.staff_grant(who, STAFF[who][0], 1)
    token = access.token(grant)
    grants.put(grant, access.hash_of(token))
    return token


def two(world: World) -> tuple[Ticket, Ticket]:
    """Two tickets that the same technician holds, at one place."""
    world.employ("b2", "P1/building", active=False)
    found = [world.report(unit="U1").id for _ in range(2)]
    world.pump()
    return world.load(found[0]), world.load(found[1])


def break_row(world: World, ticket: Ticket, sk: str, name: str, text: str) -> None:
    """Write something else there, in every index too."""
    key = records.key(ticket.id)
    world.table._apply(Put({**world.table.parts[key][sk], name: text}))


@pytest.mark.parametrize("text", LINES)
def test_a_head_that_cannot_be_read_leaves_the_lists_of_all_others(world: World, text: str) -> None:
    broken, whole = two(world)
    break_row(world, broken, "HEAD", "line", text)
    page = frontdesk.queue(link("d1"), "P1", frontdesk.Wanted(), "", world.at)
    assert [line.id for line in page.lines] == [whole.id]
    mine = worklist.mine(link("b1"), worklist.Filters(), "", world.at)
    assert [item.id for item in mine.items] == [whole.id]
    label = whole.place["label"]
    assert [known.id for known in choosing.alike_near("U1", label, whole.category)] == [whole.id]
    assert world.rings["RowsUnreadable"] >= 3


@pytest.mark.parametrize("text", LINES)
def test_the_night_writes_a_broken_line_anew(world: World, text: str) -> None:
    broken, _ = two(world)
    before = world.head(broken)["line"]
    break_row(world, broken, "HEAD", "line", text)
    world.advance(minutes=3)
    done = world.reconcile()
    assert done["failed"] == 0
    assert world.head(broken)["line"] == before


@pytest.mark.parametrize("text", ["no json", "[]", '{"e":[{"k":"reported"}]}', '{"e":[{"t":1}]}'])
def test_an_event_that_cannot_be_read_stops_neither_night_nor_sweep_nor_rebuilding(
    world: World, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    broken, whole = two(world)
    break_row(world, broken, "EVENT#000001", "body", text)
    world.states.fail_all()
    head = world.table.parts[records.key(whole.id)]["HEAD"]
    world.table._apply(Put({**head, "armed": "2030-01-01T00:00:00Z", "due": "2030-01-01T00:00:00Z"}))
    world.at += timedelta(minutes=3)
    done = world.reconcile()
    assert (done["seen"], done["failed"]) == (2, 1)
    assert world.states.running(whole.id)
    world.at += timedelta(hours=1)
    swept = world.sweep()
    assert swept["failed"] <= 1
    assert "breached" in world.kinds(whole)
    assert rebuild.main([]) == 1
    assert f"{records.key(broken.id)} EVENT#000001" in capsys.readouterr().err
    with pytest.raises(Unreadable):
        world.load(broken)


@pytest.mark.parametrize("text", ["no json", "[]x", "7"])
def test_of_a_private_row_that_cannot_be_read_nothing_was_said_and_all_else_stands(world: World, text: str) -> None:
    broken, _ = two(world)
    break_row(world, broken, "PRIVATE#000001", "body", text)
    read = world.load(broken)
    assert (read.holder, read.version, read.said("reported")) == (broken.holder, broken.version, {})
    world.do(broken, "acknowledge")
    world.pump()
    assert world.load(broken).state == "acknowledged"
    assert erasures.overwrite(broken.id) >= 1


def test_a_colleague_whose_row_cannot_be_read_is_left_out_of_the_roster(world: World) -> None:
    row = world.table.parts["TEAM#P1/building"]["MEMBER#b1"]
    world.table._apply(Put({**row, "body": "no json"}))
    dispatch.forget()
    assert [s.id for s in people.team("P1/building")] == ["b2"]
    ticket = world.report()
    world.pump()
    assert world.load(ticket).holder == "b2"


def test_a_message_that_cannot_be_read_keeps_no_other_from_being_told(world: World) -> None:
    broken, _ = two(world)
    first, *others = world.told(broken)
    world.table._apply(Put({**world.table.get(*first.key), "body": "no json"}))
    assert [m.told for m in messages.known(broken.id, [first, *others])] == [m.told for m in others]
