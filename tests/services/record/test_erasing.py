"""Erasing: words, names, phones and pictures are gone for good, facts stay; a restore takes nothing back."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.adapters import objects, originals
from chalicelib.adapters.ids import ulid
from chalicelib.commands import erase as command
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access, codes
from chalicelib.services.record import erasing
from chalicelib.services.record.erasing import StillOpen
from chalicelib.services.record.record import NotFound
from chalicelib.store import phones
from chalicelib.store.table import Delete, Put
from tests.domain.samples import SIGNED
from tests.world import World

PERSONAL = ("19900002222", "周某某", "zhou@example.invalid", "水从灯里滴下来")


class Bucket:
    """The clean bucket: what is in it, and what was noted."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.noted: list[str] = []

    def forget(self, key: str) -> int:
        gone = {k for k in self.keys if k == key or (key.endswith("/") and k.startswith(key))}
        self.keys -= gone
        return len(gone)

    def note_erased(self, ticket: str) -> None:
        self.noted += [ticket] * (ticket not in self.noted)

    def erased(self) -> Iterator[str]:
        yield from self.noted


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Bucket:
    made = Bucket()
    monkeypatch.setattr(originals, "forget", lambda ticket: 0)
    for name in ("forget", "note_erased", "erased"):
        monkeypatch.setattr(objects, name, getattr(made, name))
    return made


def closed(world: World, bucket: Bucket) -> Ticket:
    """A ticket that went through its life, with photos and a signature."""
    before, after = ulid(world.at), ulid(world.at)
    ticket = world.report(PERSONAL[3], phone=PERSONAL[0], email=PERSONAL[2], photos=[before])
    world.pump()
    world.do(ticket, "acknowledge")
    world.do(ticket, "arrive")
    world.do(ticket, "complete", said={"words": PERSONAL[1], "photos": [after]})
    world.do(ticket, "sign_off", "reporter", said={"signature": SIGNED})
    signature = f"signatures/{ticket.id}/1"  # of the time before strokes were kept
    world.do(ticket, "follow_up", "d1", fixed=True)
    world.pump()
    own = {f"{objects.PHOTOS}{ticket.id}/{photo}" for photo in (before, "never-sent-with-it")}
    bucket.keys |= {*own, objects.PHOTOS + after, signature, "photos/another", f"photos/another/{before}"}
    return world.load(ticket)


def stored(world: World) -> str:
    """The table without the residents' register, which the loader keeps."""
    return str(
        {pk: part for pk, part in world.table.parts.items() if not pk.startswith(("PLACE#", "PERSON#", "TEAM#"))}
    )


def facts(ticket: Ticket) -> list[tuple[str, object]]:
    return [(e.kind, dict(e.data)) for e in ticket.events]


def test_nothing_personal_is_left_and_every_fact_stays(world: World, bucket: Bucket) -> None:
    ticket = closed(world, bucket)
    assert all(word in stored(world) for word in PERSONAL)
    erased = erasing.erase(ticket.id, world.at)[0]
    assert (erased.pictures, erased.first) == (4, True)
    assert not any(word in stored(world) for word in (*PERSONAL, SIGNED))
    assert {key.partition("/")[2][:7] for key in bucket.keys} == {"another"}
    assert facts(world.load(ticket)) == facts(ticket)
    assert not world.own_link(ticket)


def test_erasing_twice_finds_nothing_more_and_keeps_the_first_date(world: World, bucket: Bucket) -> None:
    ticket = closed(world, bucket)
    erasing.erase(ticket.id, world.at)
    before = copy.deepcopy(world.table.parts)
    again = erasing.erase(ticket.id, world.at + timedelta(days=1))[0]
    assert (again.parts, again.pictures, again.first) == (0, 0, False)
    assert world.table.parts == before


def test_after_a_restore_the_list_is_run_again(world: World, bucket: Bucket) -> None:
    ticket = closed(world, bucket)
    backup = copy.deepcopy(world.table.parts)
    erasing.erase(ticket.id, world.at)
    bucket.noted.append(ulid(world.at))  # erased later, and reported after the time that is restored
    for key in [(pk, sk) for pk, part in world.table.parts.items() for sk in part if sk not in backup.get(pk, {})]:
        world.table.write(Delete(key))
    for row in [row for part in backup.values() for row in part.values()]:
        world.table.write(Put(row))
    found_by = access.hidden("phone", PERSONAL[0])
    assert PERSONAL[0] in stored(world)
    assert phones.reported([found_by]) == [ticket.id]
    assert [e.record for e in erasing.replay(world.at)] == [ticket.id]
    assert not any(word in stored(world) for word in PERSONAL)
    assert phones.reported([found_by]) == []


def test_an_open_ticket_is_not_erased(world: World, bucket: Bucket) -> None:
    ticket = world.report(PERSONAL[3])
    with pytest.raises(StillOpen):
        erasing.erase(ticket.id, world.at)
    assert world.load(ticket).said("reported")["words"] == PERSONAL[3]
    assert not bucket.noted


def test_what_is_not_there_is_said_so(world: World, bucket: Bucket) -> None:
    with pytest.raises(NotFound):
        erasing.erase(ulid(world.at), world.at)


def test_the_complaint_that_it_opened_goes_with_it(world: World, bucket: Bucket) -> None:
    ticket = world.report(PERSONAL[3], phone=PERSONAL[0])
    world.advance(days=30)
    complaint = world.load(ticket).linked[0]
    for one in (ticket.id, complaint):
        world.do(one, "cancel", "d2")
    assert [e.record for e in erasing.erase(ticket.id, world.at)] == [ticket.id, complaint]
    assert not world.load(complaint).said("reported")


def test_whoever_asks_for_a_link_afterwards_is_sent_nothing(world: World, bucket: Bucket) -> None:
    ticket = closed(world, bucket)
    erasing.erase(ticket.id, world.at)
    world.sends = world.send_really  # type: ignore[assignment]
    before = len(world.provider.sent)
    codes.send_again(ticket.number, "203.0.113.7", world.at)
    world.pump()
    assert len(world.provider.sent) == before


def test_the_command_takes_numbers_and_says_what_it_left(
    world: World, bucket: Bucket, capsys: pytest.CaptureFixture[str]
) -> None:
    ticket, other = closed(world, bucket), world.report()
    assert command.main([ticket.number, other.number, "X", "--lang", "en"]) == 1
    said = capsys.readouterr()
    assert f"{ticket.id}: " in said.out
    assert "is open" in said.err
    assert "X: there is no such ticket" in said.err
    assert command.main(["--replay", "--lang", "en"]) == 0
    assert "1 tickets erased again" in capsys.readouterr().out
    assert command.main([]) == 2
