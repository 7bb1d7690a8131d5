"""A change of the key: what the old one made still opens, what is made now is made with the new one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.settings import settings
from chalicelib.services.access import access, codes
from chalicelib.services.access.access import NoAccess
from chalicelib.services.loading import members
from chalicelib.services.record import record, registry, sending
from chalicelib.services.ticket import calling, climbing, report
from chalicelib.store import grants, people, places
from chalicelib.store.places import Resident
from chalicelib.store.records import NO_TIMER
from chalicelib.store.table import Put
from tests.world import World

PHONE = "19900007777"
NEW, NEWER = "the-new-key-of-this-stack-32-letters", "the-newer-key-of-this-stack-32-letters"

Rotate = Callable[[str], None]


@pytest.fixture
def rotate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rotate]:
    """Put a key in force, those that were behind it."""

    def change(key: str) -> None:
        before = b",".join(settings().grant_keys).decode()
        monkeypatch.setenv("GRANT_KEY", key)
        monkeypatch.setenv("GRANT_KEY_BEFORE", before)
        settings.cache_clear()

    yield change
    monkeypatch.undo()
    settings.cache_clear()


def test_a_link_that_is_out_opens_and_the_next_one_sent_opens_too(world: World, rotate: Rotate) -> None:
    own = access.own_grant(world.report().id)
    old = access.token(own)
    rotate(NEW)
    rotate(NEWER)
    sent = access.token_to_send(own)
    assert sent != old
    assert access.open_link(old) == access.open_link(sent) == own


def test_a_message_after_the_change_carries_a_link_that_opens(world: World, rotate: Rotate) -> None:
    ticket = world.report(phone=PHONE)
    world.pump()
    rotate(NEW)
    world.sends = world.send_really
    codes.send_again(ticket.number, "192.0.2.1", world.at)
    world.pump()
    texts = [call["Message"] for call in world.provider.sent if PHONE in call.get("PhoneNumber", "")]
    assert texts
    assert all(access.open_link(text.rpartition("/o/")[2]).record == ticket.id for text in texts)


def test_a_link_that_was_killed_is_not_revived(world: World, rotate: Rotate) -> None:
    own = access.own_grant(world.report().id)
    old = access.token(own)
    access.revoke(own)
    rotate(NEW)
    for token in (old, access.token_to_send(own)):
        with pytest.raises(NoAccess):
            access.open_link(token)


def test_killing_a_link_kills_what_was_sent_before_and_after_the_change(world: World, rotate: Rotate) -> None:
    own = access.own_grant(world.report().id)
    old = access.token(own)
    rotate(NEW)
    new = access.token_to_send(own)
    access.revoke(own)
    for token in (old, new):
        with pytest.raises(NoAccess):
            access.open_link(token)


def test_a_code_that_is_out_opens_once(world: World, rotate: Rotate) -> None:
    own = access.own_grant(world.report(phone=PHONE).id)
    code = codes.code_of(own.record, "m")
    codes.keep(PHONE, code, own, world.at)
    rotate(NEW)
    assert codes.redeem(PHONE, code, "192.0.2.1", world.at) == own
    with pytest.raises(codes.WrongCode):
        codes.redeem(PHONE, code, "192.0.2.1", world.at)


def test_a_phone_is_found_that_was_registered_before(world: World, rotate: Rotate) -> None:
    for row in places.put_resident(Resident("r", "U1", "owner", "业主", PHONE), access.hidden("phone", PHONE)):
        world.table.write(Put(row))
    rotate(NEW)
    for row in places.put_resident(Resident("r", "U2", "owner", "业主", PHONE), access.hidden("phone", PHONE)):
        world.table.write(Put(row))
    found = calling.find(access.staff_grant("d1", "P1/desk", 1), PHONE)
    assert {c.place.id for c in found.places} == {"U1", "U2"}


def test_a_form_that_was_sent_before_the_change_and_again_after_it_makes_one_ticket(
    world: World, rotate: Rotate
) -> None:
    mark = "01KJP0Y9M03XZQZMTTYVP2SN4V"
    sent = report.Report(mark, "U1", words="漏水", phone=PHONE, name="测试", consent=True)
    first = report.take(sent, world.at)
    rotate(NEW)
    again = report.take(sent, world.at + timedelta(minutes=1))
    assert again.again
    assert again.ticket.id == first.ticket.id
    assert access.open_link(again.token).record == first.ticket.id


def test_a_complaint_that_was_begun_before_the_change_keeps_its_id(world: World, rotate: Rotate) -> None:
    ticket = world.report()
    before = climbing.complaint_id(ticket.id)
    begun = replace(ticket.events[0], data={**ticket.events[0].data, "number": "000000018"})
    record.append(None, NO_TIMER, [begun], reference=before)
    other = world.report(unit="U2").id
    not_begun = climbing.complaint_id(other)
    rotate(NEW)
    assert climbing.complaint_id(ticket.id) == before
    assert climbing.complaint_id(other) != not_begun


def test_a_leavers_links_go_with_the_load_that_says_so_whichever_key_made_them(world: World, rotate: Rotate) -> None:
    was = people.get("e1")
    assert was is not None
    rotate(NEW)
    left = replace(was, person=replace(was.person, active=False), link=was.link + 1)
    links = {grants.key(access.hash_of(t)) for t in access.ever_tokens(access.staff_grant("e1", was.person.team, 1))}
    assert len(links) == 2
    assert links <= set(members.member(left, was).gone({}))
    assert not links & set(members.member(was, was).gone({}))


def test_the_own_links_of_messages_are_those_that_are_sent(world: World, rotate: Rotate) -> None:
    own = access.own_grant(world.report().id)
    rotate(NEW)
    assert access.open_link(sending._link(registry.of(own.record), own).rpartition("/")[2]) == own
