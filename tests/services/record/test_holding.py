"""Erasing what has to be kept: restricted at once, with reasons and a day; erased by itself once they are over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.commands import erase as command
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.keeping import Reason, until
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.functions import reconcile
from chalicelib.services.access import access
from chalicelib.services.access.access import NoAccess
from chalicelib.services.loading import snags
from chalicelib.services.record import erasing, record
from chalicelib.services.record.erasing import Erased, Held
from chalicelib.store import holds
from chalicelib.store.table import Put
from tests.domain.samples import SIGNED
from tests.model.crashes import Scissors
from tests.promised import CONTRACT, promise
from tests.services.loading.test_snags import BY, LEAK, Photos, Sheet, made
from tests.world import World
from tests.world import world as fresh_world

WORDS = "水从灯里滴下来"
OFFICE = Actor("o1", Role.OFFICE)


def liable(world: World) -> Ticket:
    """A closed ticket whose contractor's case has ended with it."""
    promise(world, CONTRACT)
    ticket = world.report(WORDS, category="water_leak", component="bathroom")
    world.pump()
    for move in ("acknowledge", "arrive"):
        world.do(ticket, move)
    world.do(ticket, "complete", said={"words": "好", "photos": ["/x"]})
    world.do(ticket, "sign_off", "reporter", said={"signature": SIGNED})
    world.do(ticket, "follow_up", "d1", fixed=True)
    world.pump()
    return world.load(ticket)


def running(world: World) -> tuple[Ticket, str]:
    """A closed ticket of two under one case, which goes on for the other; and the case."""
    for unit in ("U1", "U2"):
        promise(world, CONTRACT, unit=unit)
    rows = [(unit, LEAK, "", WORDS, "", "") for unit in ("U1", "U2")]
    snags.load("L1", Sheet(rows), Photos(), world.at, BY)
    world.pump()
    ticket = made(world)[0]
    world.do(ticket, "assign", "d1", person="b1")
    for move in ("acknowledge", "arrive"):
        world.do(ticket, move)
    world.do(ticket, "complete", said={"words": "好", "photos": ["/x"]})
    world.do(ticket, "check", "s1", said={"words": "好"})
    [case] = ticket.cases.values()
    assert record.load(case).is_open
    return world.load(ticket), case


def let_go(world: World, case: str) -> None:
    release = Command("release_from", OFFICE, {"reason": "not_theirs"}, {"words": "不属其责任"})
    record.perform(release, case, world.at)


def night(world: World, at: datetime) -> None:
    world.at = at
    reconcile.reconcile({}, None)


@pytest.fixture
def ticket(world: World) -> Ticket:
    return liable(world)


def test_what_a_running_case_needs_is_held_and_nobody_knows_until_when(world: World) -> None:
    ticket, _ = running(world)
    assert erasing.erase(ticket.id, world.at) == [Held(ticket.id, (Reason("case"),), None)]
    night(world, world.at + timedelta(days=400))
    assert WORDS in world.load(ticket).said("reported")["words"]


def test_a_held_ticket_opens_for_the_office_and_for_nobody_else(world: World, ticket: Ticket) -> None:
    assert world.own_link(ticket)
    [held] = erasing.erase(ticket.id, world.at)
    assert isinstance(held, Held)
    assert not world.own_link(ticket)
    now = world.load(ticket)
    assert now.held
    for who, team in (("d1", "P1/desk"), ("s1", "S1/desk2"), ("h1", "group/hotline")):
        with pytest.raises(NoAccess):
            access.actor_on(access.staff_grant(who, team, 1), now)
    assert access.actor_on(access.staff_grant("o1", "S1/office", 1), now).role is Role.OFFICE
    with pytest.raises(NoAccess):
        access.actor_on(access.own_grant(ticket.id), now)


def test_what_the_contractor_was_let_go_from_is_erased_the_night_after(world: World) -> None:
    ticket, case = running(world)
    erasing.erase(ticket.id, world.at)
    let_go(world, case)
    night(world, world.at + timedelta(days=1))
    assert world.load(ticket).said("reported") == {}
    assert not world.load(ticket).held
    assert list(holds.waiting(world.at + timedelta(days=9999))) == []


def test_what_can_still_be_claimed_is_kept_for_three_years_from_the_end_of_its_case(
    world: World, ticket: Ticket
) -> None:
    [case] = ticket.cases.values()
    ended = record.load(case)
    assert not ended.is_open
    [held] = erasing.erase(ticket.id, world.at)
    assert isinstance(held, Held)
    assert [reason.kind for reason in held.reasons] == ["limitation"]
    assert held.until
    end = ended.events[-1].at
    assert timedelta(days=3 * 365) < held.until - end < timedelta(days=3 * 366 + 2)
    night(world, held.until - timedelta(hours=1))
    assert world.load(ticket).said("reported")
    night(world, held.until + timedelta(hours=1))
    assert world.load(ticket).said("reported") == {}


def test_a_ticket_without_a_case_is_erased_at_once(world: World) -> None:
    ticket = world.report(WORDS)
    world.pump()
    world.do(ticket, "cancel", "d1", reason="mistake")
    [done] = erasing.erase(ticket.id, world.at)
    assert isinstance(done, Erased)
    assert world.load(ticket).said("reported") == {}


def test_the_last_reason_to_end_decides_and_one_without_an_end_leaves_it_open() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
    assert until([Reason("money", early), Reason("limitation", late)]) == late
    assert until([Reason("limitation", late), Reason("case")]) is None


def test_a_night_that_is_cut_off_anywhere_is_made_good_by_the_next() -> None:
    after, whole = 0, False
    while not whole:
        with fresh_world() as world:
            ticket, case = running(world)
            erasing.erase(ticket.id, world.at)
            let_go(world, case)
            later = world.at + timedelta(days=4 * 366)
            scissors = Scissors(world, lambda what: None)
            with scissors.cutting((after, "cut")):
                erasing.erase_held(later)
            whole = not scissors.cut_at
            erasing.erase_held(later)
            assert world.load(ticket).said("reported") == {}, scissors.cut_at
            assert not world.load(ticket).held, scissors.cut_at
        after += 1
    assert after > 4


def test_the_command_says_what_is_kept_and_until_when(
    world: World, ticket: Ticket, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([ticket.id, "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "kept, for the warranty office alone" in said
    assert f"{world.at.year + 3}-" in said
    assert command.main([ticket.id]) == 0
    assert "仅保修办可查" in capsys.readouterr().out


def test_what_a_case_shows_of_a_held_ticket_is_held_with_it(world: World) -> None:
    ticket, case = running(world)
    assert not record.load(case).held
    erasing.erase(ticket.id, world.at)
    assert record.load(case).held
    fresh = record.perform(Command("note", OFFICE, {}, {"words": "电话说明"}), case, world.at)
    assert record.load(fresh.id).held


def test_a_case_is_erased_with_the_last_of_its_tickets_and_its_letters_stay(world: World, ticket: Ticket) -> None:
    [case] = ticket.cases.values()
    world.table.write(Put({"pk": case, "sk": "PRIVATE#1", "body": '{"words": "业主电话里说"}'}))
    [held] = erasing.erase(ticket.id, world.at)
    assert isinstance(held, Held)
    assert held.until
    before = {pk for pk in world.table.parts if pk.startswith("LETTER")}
    night(world, held.until + timedelta(hours=1))
    assert world.table.parts[case]["PRIVATE#1"]["body"] == "{}"
    assert {pk for pk in world.table.parts if pk.startswith("LETTER")} == before
    assert f"ERASED#{case}" in world.table.parts


def test_a_case_stays_while_one_of_its_tickets_does(world: World) -> None:
    ticket, case = running(world)
    erasing.erase(ticket.id, world.at)
    let_go(world, case)
    night(world, world.at + timedelta(days=1))
    assert f"ERASED#{ticket.id}" in world.table.parts
    assert f"ERASED#{case}" not in world.table.parts
    assert record.load(case).held  # what is said there may be of either
