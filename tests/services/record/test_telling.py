"""Who is told what, once each, however often and late it is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.ticket.ticket import Priority, Ticket
from chalicelib.functions import tell
from chalicelib.services.access import access
from chalicelib.services.contractor import contacts
from chalicelib.services.record import telling
from chalicelib.services.ticket import dispatch
from chalicelib.store import grants, places
from tests.model.crashes import Scissors
from tests.services.contractor import scene
from tests.world import ALL_HOURS, World


def templates(world: World, ticket: str, to: str) -> list[str]:
    return [m.template for m in world.told(ticket) if m.to == to]


def test_a_repair_tells_the_reporter_and_whoever_must_act(world: World):
    ticket = world.report().id
    world.pump()
    holder = world.load(ticket).holder
    world.do(ticket, "acknowledge")
    world.pump()
    assert templates(world, ticket, "reporter") == ["reported", "acknowledged"]
    assert templates(world, ticket, holder) == ["assigned"]


def test_a_warning_goes_to_whoever_must_act(world: World):
    ticket = world.report("插座坏了").id
    world.pump()
    holder = world.load(ticket).holder
    for move in ("contact", "acknowledge", "arrive", "complete"):
        world.do(ticket, move)
    world.pump()
    world.advance(days=6)
    told = {(m.template, m.to, m.facts.get("clock")) for m in world.told(ticket) if "clock" in m.facts}
    assert ("completed", "reporter", "sign_off") in told
    followers = {to for template, to, clock in told if clock == "follow_up" and template in ("warned", "breached")}
    assert followers == {"d1", "d2"}
    assert not [t for t in told if t[1] == holder]


def test_whoever_it_was_taken_from_is_told_why_and_nothing_more(world: World):
    ticket = world.report().id
    world.pump()
    first = world.load(ticket).holder
    world.advance(minutes=31)
    assert world.load(ticket).holder != first
    assert templates(world, ticket, first) == ["assigned", "taken_away"]
    [told] = [m for m in world.told(ticket) if m.template == "taken_away"]
    assert (told.facts["cause"], told.link) == ("not_acknowledged", "none")
    [taken] = [e for e in world.load(ticket).events if e.kind == "taken_away"]
    assert "declined" not in world.kinds(ticket)
    assert taken.data["person"] == first


def test_whoever_must_find_somebody_is_the_one_who_has_it(world: World):
    for who in ("d1", "d2"):
        world.employ(who, "P1/desk", duty=ALL_HOURS)
    for _ in range(4):
        ticket = world.report("卫生间漏水", "U1")
        for who in ("b1", "b2"):
            world.employ(who, "P1/building", active=False)
        dispatch.forget()
        world.pump()
        has_it = world.load(ticket).holder
        assert [m.to for m in world.told(ticket) if m.template == "needs_dispatch"] == [has_it]


def test_of_a_reassignment_both_sides_are_told_and_the_owner_whose_visit_falls(world: World):
    ticket = world.report().id
    world.pump()
    first = world.load(ticket).holder
    window = [(world.at + timedelta(hours=n)).isoformat() for n in (3, 5)]
    world.do(ticket, "acknowledge", windows=[window])
    world.do(ticket, "choose_window", "reporter")
    world.pump()
    world.do(ticket, "assign", "d1", team="P1/engineering", person="e1")
    world.pump()
    assert templates(world, ticket, first)[-1] == "taken_away"
    assert templates(world, ticket, "e1") == ["assigned"]
    assert templates(world, ticket, "reporter")[-1] == "visit_off"


def test_an_owner_who_expects_nobody_is_not_told_who_else_comes(world: World):
    ticket = world.report().id
    world.pump()
    world.do(ticket, "decline")
    world.pump()
    assert "visit_off" not in templates(world, ticket, "reporter")


def test_whoever_declines_is_not_told_that_they_have_it_no_more(world: World):
    ticket = world.report().id
    world.pump()
    holder = world.load(ticket).holder
    world.do(ticket, "decline")
    world.pump()
    assert templates(world, ticket, holder) == ["assigned"]


@pytest.mark.parametrize("who", ["", "d1"])
def test_an_appointment_is_told_to_whoever_did_not_make_it(world: World, who: str):
    ticket = world.report().id
    world.pump()
    holder = world.load(ticket).holder
    world.do(ticket, "acknowledge")
    window = [(world.at + timedelta(hours=n)).isoformat() for n in (3, 5)]
    world.do(ticket, "set_window", who, window=window)
    world.pump()
    assert templates(world, ticket, "reporter")[-1] == "appointment"
    assert ("window_chosen" in templates(world, ticket, holder)) is bool(who)


def test_another_place_is_told_to_the_owner_and_to_whoever_has_it(world: World):
    ticket = world.report().id
    world.pump()
    holder = world.load(ticket).holder
    world.do(ticket, "change_place", "d1", place=place_of("U2"))
    world.pump()
    assert templates(world, ticket, holder) == ["assigned", "place_corrected"]
    assert templates(world, ticket, "reporter") == ["reported", "place_corrected_yours"]


@pytest.mark.parametrize("acknowledged", [False, True])
def test_whoever_loses_it_to_another_project_hears_why(world: World, acknowledged: bool):
    ticket = world.report().id
    world.pump()
    holder = world.load(ticket).holder
    if acknowledged:
        world.do(ticket, "acknowledge")
    world.do(ticket, "change_place", "d1", place=place_of("V1"))
    world.pump()
    [told] = [m for m in world.told(ticket) if m.to == holder and m.template == "taken_away"]
    assert told.facts["cause"] == "place_changed"
    assert "declined" not in world.kinds(ticket)


def place_of(unit: str) -> dict[str, str]:
    found = places.get(unit)
    assert found is not None
    return dict(found.as_fact())


@pytest.mark.parametrize(("by", "told"), [("reporter", []), ("d1", ["cancelled_for_you"])])
def test_a_cancelled_ticket_is_told_to_whoever_did_not_cancel_it(world: World, by: str, told: list[str]):
    ticket = world.report().id
    world.pump()
    holder = world.load(ticket).holder
    world.do(ticket, "cancel", by)
    world.pump()
    assert templates(world, ticket, "reporter")[1:] == told
    assert templates(world, ticket, holder) == ["assigned", "cancelled"]


@pytest.mark.parametrize(("by", "told"), [("reporter", []), ("d1", ["waived_for_you"])])
def test_that_the_owner_does_without_is_told_to_whoever_would_come(world: World, by: str, told: list[str]):
    ticket = world.report().id
    world.pump()
    holder = world.load(ticket).holder
    world.do(ticket, "waive", by)
    world.pump()
    assert templates(world, ticket, holder) == ["assigned", "waived"]
    assert templates(world, ticket, "reporter")[1:] == told


def test_one_change_tells_a_person_once_by_the_first_of_its_rows(world: World):
    ticket = world.report("马桶堵了").id
    world.pump()
    windows = [[(world.at + timedelta(hours=n)).isoformat() for n in (3, 5)]]
    world.do(ticket, "acknowledge", windows=windows, contacted="phone")
    world.pump()
    assert templates(world, ticket, "reporter") == ["reported", "windows_offered"]
    world.at += timedelta(hours=2)
    assert telling.tell_missing(world.load(ticket), world.at) == 0
    assert templates(world, ticket, "reporter") == ["reported", "windows_offered"]


def test_the_desk_is_told_once_even_if_another_one_is_on_duty_by_then(world: World):
    ticket = world.report("插座坏了").id
    world.pump()
    for move in ("contact", "acknowledge", "arrive", "complete"):
        world.do(ticket, move)
    record = world.to_tell[-1]
    world.pump()
    [first] = [m.to for m in world.told(ticket) if m.template == "follow_up_due"]
    world.employ(first, "P1/desk", active=False)
    world.employ("d3", "P1/desk", duty=ALL_HOURS)
    tell.tell({"Records": [record]}, None)
    assert [m.to for m in world.told(ticket) if m.template == "follow_up_due"] == [first]


@pytest.mark.parametrize("point", range(8))
def test_wherever_telling_is_cut_all_are_told_once(world: World, point: int):
    ticket = world.report().id
    scissors = Scissors(world, lambda _: None)
    with scissors.cutting((point, "cut")):
        world.pump()
    world.pump()
    told = world.told(ticket)
    assert {m.template for m in told} == {"reported", "assigned"}
    assert {m.state for m in told} == {"sent"}


def test_what_happened_before_a_holder_was_named_is_not_told_to_them(world: World):
    ticket = world.report().id
    world.pump()
    world.do(ticket, "note", "reporter")
    late = list(world.to_tell)
    world.to_tell.clear()
    before = world.load(ticket).holder
    world.do(ticket, "assign", "d1", team="P1/engineering", person="e1")
    world.pump()
    world.to_tell += late
    world.pump()
    assert templates(world, ticket, "e1") == ["assigned"]
    assert templates(world, ticket, before) == ["assigned", "taken_away"]


def test_a_new_deadline_is_told_to_the_owner_and_the_holder(world: World):
    ticket = world.report("马桶堵了").id
    world.pump()
    holder = world.load(ticket).holder
    world.do(ticket, "set_priority", "d1", priority="urgent")
    world.pump()
    [event] = [e for e in world.load(ticket).events if e.kind == "deadline_changed"]
    assert event.data["clock"] == "arrive"
    assert set(event.data["deadlines"]) == {"arrive", "resolve"}
    assert {m.to for m in world.told(ticket) if m.template == "deadline_changed"} == {"reporter"}
    assert {m.to for m in world.told(ticket) if m.template == "raised_for_you"} == {holder}  # with the new date


def test_what_is_missing_is_found_and_what_may_be_on_its_way_is_left(world: World):
    ticket = world.report().id
    world.to_tell.clear()
    world.pump()
    assert telling.tell_missing(world.load(ticket), world.at) == 0
    world.at += timedelta(hours=2)
    assert telling.tell_missing(world.load(ticket), world.at) >= 1
    world.pump()
    assert telling.tell_missing(world.load(ticket), world.at) == 0


def test_the_night_tells_nobody_a_second_time_of_what_their_change_told_them(world: World):
    """Who had it, lost it and has it again was told that it was taken away, not that it was late."""
    ticket = world.report().id
    world.pump()
    first = world.load(ticket).holder
    world.advance(minutes=31)
    world.do(ticket, "assign", "d1", person=first)
    world.pump()
    before = templates(world, ticket, first)
    world.at += timedelta(hours=2)
    assert telling.tell_missing(world.load(ticket), world.at) == 0
    assert templates(world, ticket, first) == before == ["assigned", "taken_away", "assigned"]


def test_the_night_tells_no_desk_what_its_holder_was_told_before_it_was_relayed(world: World):
    ticket = world.report("太吵", kind="complaint").id
    world.pump()
    holder = world.load(ticket).holder
    for move in ("answer", "write_result"):
        world.do(ticket, move)
    world.do(ticket, "confirm", "reporter", satisfied=False)
    world.pump()
    world.do(ticket, "relay", "d2", to="engineering")
    world.pump()
    world.at += timedelta(hours=2)
    assert telling.tell_missing(world.load(ticket), world.at) == 0
    assert [m.to for m in world.told(ticket) if m.template == "dissatisfied"] == [holder]


def test_the_night_makes_up_for_a_telling_that_was_cut_off_half_way(world: World):
    ticket = world.report().id
    world.pump()
    holder = world.load(ticket).holder
    world.do(ticket, "cancel", "d1")
    record = world.to_tell[-1]
    world.to_tell.clear()
    scissors = Scissors(world, lambda _: None)
    with scissors.cutting((2, "cut")):  # behind the first message, before the second
        tell.tell({"Records": [record]}, None)
    told = [m.to for m in world.told(ticket) if m.template.startswith("cancelled")]
    assert len(told) == 1
    world.at += timedelta(hours=2)
    assert telling.tell_missing(world.load(ticket), world.at) >= 1
    assert {m.to for m in world.told(ticket) if m.template.startswith("cancelled")} == {holder, "reporter"}


EVENING = datetime(2026, 3, 2, 19, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def lost(world: World, words: str, *, written: bool) -> Ticket:
    """A report of the evening whose messages went astray before they were written, or behind that."""
    world.at = EVENING
    ticket = world.report(words)
    if written:
        world.pump_stream()
        world.queue.waiting.clear()
    world.to_tell.clear()
    world.pump()
    world.at += timedelta(hours=7, minutes=30)
    return ticket


def receipt(world: World, ticket: Ticket) -> str:
    """How far the message has come that the report is there."""
    return next((m.state for m in world.told(ticket) if m.template.startswith("reported")), "")


@pytest.mark.parametrize("written", [False, True])
def test_what_the_night_makes_up_goes_out_when_service_begins(world: World, written: bool):
    ticket = lost(world, "水龙头滴水", written=written)
    assert telling.tell_missing(world.load(ticket), world.at) >= 1
    telling.tell_missing(world.load(ticket), world.at)  # a run that goes on
    world.at += timedelta(hours=4, minutes=59)
    world.sweep()
    world.pump()
    assert receipt(world, ticket) == "queued"
    world.at += timedelta(minutes=6)  # the sweep comes every five
    world.sweep()
    world.pump()
    assert receipt(world, ticket) == "sent"


@pytest.mark.parametrize("written", [False, True])
def test_an_emergency_does_not_wait_for_the_morning(world: World, written: bool):
    ticket = lost(world, "电梯困人，有人被困", written=written)
    assert world.load(ticket).priority is Priority.EMERGENCY
    assert telling.tell_missing(world.load(ticket), world.at) >= 1
    world.pump()
    assert receipt(world, ticket) == "sent"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the grants that are written."""
    ids: list[str] = []
    put = grants.put
    monkeypatch.setattr(grants, "put", lambda grant, token_hash: (ids.append(grant.id), put(grant, token_hash)))
    return ids


def test_a_link_that_stands_is_not_written_with_every_message(world: World, written: list[str]):
    scene.settle(world)
    _, case = scene.opened(world)
    scene.do(world, case, "release_notice", "o1")
    scene.arrives(world, case)
    world.advance(days=30)
    told = [m.to for m in world.told(case) if m.link == "case"]
    links = [one for one in written if one.startswith(f"ticket/{case}/")]
    assert len(told) > len(set(told)) > 1
    assert sorted(links) == sorted({f"ticket/{case}/{who}" for who in told})


def test_a_link_that_was_made_dead_is_written_anew_when_its_holder_is_told_again(world: World, written: list[str]):
    scene.settle(world)
    _, case = scene.opened(world)
    scene.do(world, case, "release_notice", "o1")
    scene.arrives(world, case)
    who = next(m.to for m in world.told(case) if m.link == "case")
    grant = access.ticket_grant(case, who, contacts.team_of(scene.case_of(case), who))
    access.deaden(grant, world.at)
    written.clear()
    world.advance(days=30)
    assert written.count(grant.id) == 1
    assert access.open_link(access.token(grant)) == grant
