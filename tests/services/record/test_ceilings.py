"""Nobody's phone or box is flooded by reports that name it, and nobody is greeted with a stranger's words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters import settings
from chalicelib.adapters.delivery import NotDelivered
from chalicelib.domain.register.place import Resident
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access
from chalicelib.services.record import ceilings, sending, sweeping, telling
from chalicelib.store import messages, places
from chalicelib.store.table import Put
from tests.world import World

RESIDENT = Resident("r1", "U1", "owner", "欧阳明", "13911110000", "li@gmail.com")


@pytest.fixture(autouse=True)
def _links(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PUBLIC_URL", "https://bx.example.cn")
    settings.settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.settings.cache_clear()


@pytest.fixture
def home(world: World) -> World:
    for row in places.put_resident(RESIDENT, access.hidden("phone", RESIDENT.phone)):
        world.table.write(Put(row))
    return world


def told(world: World, **more: Any) -> tuple[Ticket, sending.Outcome]:
    """A report, and what became of the message to its reporter."""
    ticket = world.report(**more)
    telling.tell(ticket.id, 1, 1, world.at)
    world.to_tell.clear()
    [message] = [m for m in world.told(ticket) if m.to == "reporter"]
    return ticket, sending.send(ticket.id, message.sk, world.at)


def mails(world: World) -> list[Any]:
    return [call for call in world.provider.sent if "Destination" in call]


SPELT = ["victim@gmail.com", "Victim@GMail.com", "vic.tim@gmail.com", "victim+{n}@googlemail.com", "ｖictim@gmail.com"]


def test_one_box_gets_a_days_worth_however_it_is_spelt_and_whatever_phone_is_named(world: World) -> None:
    for n in range(30):
        world.at += timedelta(minutes=10)  # the hourly limit of reports is another one
        told(world, email=SPELT[n % 5].format(n=n))
    assert len(mails(world)) == ceilings.DAILY


def test_one_phone_gets_a_days_worth_however_it_is_written(world: World) -> None:
    written = ["13911112222", "+86 139 1111 2222", "0139-1111-2222", "１３９１１１１２２２２"]
    outcomes = []
    for n in range(ceilings.DAILY + 3):
        world.at += timedelta(minutes=20)
        outcomes.append(told(world, phone=written[n % 4])[1])
    assert [(o.state, o.cause) for o in outcomes if o.state != "sent"] == [
        ("held", "ceiling"),
        ("skipped", "ceiling"),
        ("skipped", "ceiling"),
    ]


def filled(world: World, phone: str) -> None:
    for _ in range(ceilings.DAILY):
        assert ceilings.allows("phone", phone, world.at)


def texts_to(world: World, phone: str) -> list[str]:
    return [call["Message"] for call in world.provider.sent if call.get("PhoneNumber", "").endswith(phone)]


def message_of(world: World, ticket: Ticket) -> messages.Message:
    [message] = [m for m in world.told(ticket) if m.to == "reporter"]
    return message


def test_what_was_too_many_goes_the_next_day_as_one_message_that_says_how_many(world: World) -> None:
    filled(world, "13911112222")
    made = []
    for _ in range(4):
        world.at += timedelta(minutes=20)
        made.append(told(world, phone="13911112222")[0])
    assert texts_to(world, "13911112222") == []
    first, *others = (message_of(world, ticket) for ticket in made)
    assert [m.state for m in (first, *others)] == ["queued", *["skipped"] * 3]
    world.at = ceilings.frees(world.at) + sweeping.GRACE
    swept = sweeping.sweep(world.at)
    assert swept.queued == 1, "the sweep finds what waits when the day's worth begins anew"
    assert sending.send(made[0].id, first.sk, world.at).state == "sent"
    [text] = texts_to(world, "13911112222")
    assert "有4条关于报事的消息" in text
    assert access.token(access.own_grant(made[0].id)) in text
    assert message_of(world, made[0]).state == "sent"


def test_what_is_held_stays_so_when_it_is_queued_again_on_the_same_day(world: World) -> None:
    filled(world, "13911112222")
    ticket, outcome = told(world, phone="13911112222")
    assert outcome.state == "held"
    world.at += timedelta(hours=1)
    assert sending.send(ticket.id, message_of(world, ticket).sk, world.at).state == "held"
    assert ceilings.held("phone", "13911112222", world.at) == 1, "one message counts once"
    assert texts_to(world, "13911112222") == []


def test_one_that_was_counted_and_not_noted_is_still_the_one_that_speaks(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(world, "13911112222")
    ticket = world.report(phone="13911112222")
    telling.tell(ticket.id, 1, 1, world.at)
    world.to_tell.clear()
    sk = message_of(world, ticket).sk

    def cut(*_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(sending.messages, "hold", cut)
        with pytest.raises(RuntimeError):
            sending.send(ticket.id, sk, world.at)
    assert told(world, phone="13911112222")[1].state == "skipped"
    assert sending.send(ticket.id, sk, world.at).state == "held"


def test_who_was_told_by_the_other_way_has_nothing_held(world: World) -> None:
    filled(world, "13911112222")
    _, outcome = told(world, phone="13911112222", email="victim@example.cn")
    assert (outcome.state, outcome.via) == ("sent", "mail")
    assert ceilings.held("phone", "13911112222", world.at) == 0


def test_the_next_day_an_address_is_written_to_again(world: World) -> None:
    for _ in range(ceilings.DAILY):
        assert ceilings.allows("email", "victim@example.cn", world.at)
    assert not ceilings.allows("email", "victim@example.cn", world.at)
    world.advance(days=1)
    assert ceilings.allows("email", "victim@example.cn", world.at)


def test_what_did_not_leave_is_not_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = world.report()
    telling.tell(ticket.id, 1, 1, world.at)
    [message] = [m for m in world.told(ticket) if m.to == "reporter"]

    def down(phone: str, text: object) -> None:
        raise NotDelivered("down", final=False)

    with monkeypatch.context() as patched:
        patched.setattr(sending.sms, "send", down)
        for _ in range(ceilings.DAILY + 1):
            with pytest.raises(NotDelivered):
                sending.send(ticket.id, message.sk, world.at)
    assert sending.send(ticket.id, message.sk, world.at).state == "sent"


def test_who_is_registered_is_told_all_there_is(home: World) -> None:
    for _ in range(ceilings.DAILY):
        assert ceilings.allows("email", "li@gmail.com", home.at)
        assert ceilings.allows("phone", RESIDENT.phone, home.at)
    _, outcome = told(home, phone=RESIDENT.phone, email="Li+home@gmail.com")
    assert (outcome.state, outcome.via) == ("sent", "sms+mail")


def test_a_registered_phone_makes_no_strangers_box_known(home: World) -> None:
    ticket, _ = told(home, phone=RESIDENT.phone, email="victim@example.cn")
    assert ticket.vouched == {"phone"}


@pytest.mark.parametrize("phone", ["13922220000", RESIDENT.phone])
def test_a_name_that_is_not_the_residents_is_never_greeted(home: World, phone: str) -> None:
    told(home, phone=phone, email="victim@example.cn", name="请速致电客服领奖")
    [letter] = mails(home)
    assert "请速致电" not in str(letter)


def test_the_resident_is_greeted_by_name(home: World) -> None:
    told(home, phone=RESIDENT.phone, email="li@gmail.com", name="欧阳明")
    [letter] = mails(home)
    assert "欧阳明" in str(letter)


def test_whom_the_desk_took_down_is_known(world: World) -> None:
    ticket = world.report(by="d1", phone="13933330000", email="somebody@example.cn")
    assert ticket.vouched == {"name", "phone", "email"}
