"""Messages on their way: once, by the ways that are known, held up and given up without harm to the ticket."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from chalicelib.adapters import settings
from chalicelib.adapters.delivery import NotDelivered
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.functions import act
from chalicelib.services.access import access
from chalicelib.services.record import sending, telling
from chalicelib.services.ticket import choosing
from chalicelib.store import messages, places
from chalicelib.store.messages import Message
from chalicelib.store.places import Place
from chalicelib.store.table import Change, Put
from tests.world import World

PHONE = "19900000001"
LADDER = '[[1,"物业客服","400-000-0001"],[2,"地产客服","400-000-0002"]]'


@pytest.fixture
def set_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Change settings for a test: `set_up(SMS_FORM="code")`."""

    def change(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        settings.settings.cache_clear()

    change(PUBLIC_URL="https://bx.example.cn")
    yield change
    monkeypatch.undo()
    settings.settings.cache_clear()


@pytest.fixture(autouse=True)
def _set_up(set_up: Any) -> None:
    """Every test has an address in its links."""


def told(world: World, **more: Any) -> tuple[Ticket, Message]:
    """A ticket just reported, and the message to its reporter, still queued."""
    ticket = world.report(**more)
    while world.to_tell:
        telling.tell(ticket.id, 1, 1, world.at)
        world.to_tell.clear()
    return ticket, next(m for m in world.told(ticket) if m.to == "reporter")


def send(world: World, message: Message, **more: Any) -> sending.Outcome:
    return sending.send(message.record, message.sk, world.at, **more)


def now(message: Message) -> Message:
    found = messages.get(message.record, message.sk)
    assert found is not None
    return found


def fail_with(world: World, monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def refuse(**call: Any) -> None:
        raise fault

    monkeypatch.setattr(world.provider, "publish", refuse)
    monkeypatch.setattr(world.provider, "send_email", refuse)


DOWN = ConnectTimeoutError(endpoint_url="https://sns")
REFUSED = ClientError({"Error": {"Code": "InvalidParameter", "Message": f"+86{PHONE} is wrong"}}, "Publish")


def test_the_reporter_gets_an_sms_with_number_and_private_link(world: World) -> None:
    ticket, message = told(world, phone=PHONE)
    assert send(world, message) == sending.Outcome("sent", "sms")
    [sms] = world.provider.sent
    assert sms["PhoneNumber"] == f"+86{PHONE}"
    assert ticket.number in sms["Message"].replace("-", "")
    token = re.search(r"https://bx\.example\.cn/o/(\S{22})$", sms["Message"])
    assert token
    assert access.open_link(token[1]).record == ticket.id
    assert (now(message).state, now(message).via) == ("sent", "sms")


def test_a_reporter_with_phone_and_e_mail_gets_both_and_one_with_e_mail_alone_gets_that(world: World) -> None:
    _, both = told(world, phone=PHONE, email="a@example.invalid")
    assert send(world, both).via == "sms+mail"
    _, mail = told(world, phone="", email="b@example.invalid")
    assert send(world, mail).via == "mail"
    assert world.provider.sent[-1]["Destination"] == {"ToAddresses": ["b@example.invalid"]}


def test_the_e_mail_names_the_phones_of_the_projects_ladder(world: World) -> None:
    place = Place("P1", "project", "P1苑", "S1", "P1苑", {"subsidiary": "S1"}, {"ladder": LADDER})
    for row in places.put_place(place):
        world.table.write(Put(row))
    choosing.forget()
    _, message = told(world, phone="", email="b@example.invalid")
    send(world, message)
    choosing.forget()
    body = world.provider.sent[0]["Message"]["Body"]["Text"]["Data"]
    assert "物业客服 400-000-0001\n地产客服 400-000-0002" in body
    assert "/o/" in body


def test_redelivery_sends_nothing_twice(world: World) -> None:
    _, message = told(world)
    send(world, message)
    assert send(world, message) == sending.Outcome("known")
    assert send(world, message, last=True) == sending.Outcome("known")
    assert len(world.provider.sent) == 1


def test_a_message_nobody_wrote_is_left_alone(world: World) -> None:
    assert sending.send("T", "TOLD#000001#reporter#reported", world.at).state == "known"


def test_a_technician_gets_a_link_to_the_one_ticket(world: World) -> None:
    ticket = world.report()
    world.sends = lambda ticket_id, sk: went_out(sending.send(ticket_id, sk, world.at))
    world.pump()
    assigned = next(m for m in world.told(ticket) if m.template == "assigned")
    assert (assigned.state, assigned.via) == ("sent", "sms")
    text = world.provider.sent[-1]["Message"]
    token = text.rpartition("/t/")[2]
    grant = access.open_link(token)
    assert grant == access.ticket_grant(ticket.id, assigned.to)
    assert access.actor_on(grant, world.load(ticket)).id == assigned.to


def went_out(outcome: sending.Outcome) -> None:
    assert outcome.state in ("sent", "skipped"), outcome


def test_the_desks_link_is_that_of_the_desk(world: World) -> None:
    ticket = world.report("物业费怎么交", kind="enquiry")
    world.sends = lambda ticket_id, sk: went_out(sending.send(ticket_id, sk, world.at))
    world.pump()
    token = world.provider.sent[-1]["Message"].rpartition("/t/")[2]
    assert access.open_link(token).team in ("", "P1/desk")
    access.actor_on(access.open_link(token), world.load(ticket))


def test_staff_without_a_phone_get_an_e_mail(world: World) -> None:
    ticket = world.report()
    world.pump()
    assigned = next(m for m in world.told(ticket) if m.template == "assigned")
    world.table.write(Change(assigned.key, sets={"state": "queued"}))
    row = world.table.get(f"PERSON#{assigned.to}", "PERSON")
    assert row
    world.table.write(Put(row | {"body": row["body"].replace("19900001111", "")}))
    assert send(world, assigned).via == "mail"
    call = world.provider.sent[-1]
    assert call["Destination"] == {"ToAddresses": [f"{assigned.to}@example.invalid"]}
    assert "新工单" in call["Message"]["Subject"]["Data"]


def test_whoever_was_taken_off_the_ticket_meanwhile_is_not_told_any_more(world: World) -> None:
    ticket = world.report()
    world.pump()
    assigned = next(m for m in world.told(ticket) if m.template == "assigned")
    world.table.write(Change(assigned.key, sets={"state": "queued"}))
    world.do(ticket, "decline")
    assert send(world, assigned).state == "skipped"
    assert world.provider.sent == []
    assert now(assigned).state == "skipped"


def test_an_erased_reporter_is_skipped_quietly(world: World) -> None:
    ticket, message = told(world)
    world.table.write(Put({"pk": f"TICKET#{ticket.id}", "sk": "PRIVATE#000001", "body": "{}"}))
    assert send(world, message).state == "skipped"
    assert now(message).state == "skipped"
    assert world.rings.get("MessagesFailed") is None
    assert world.load(ticket).failed_messages == 0


def test_a_provider_that_is_down_holds_up_messages_not_tickets(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, message = told(world)
    with monkeypatch.context() as down:
        fail_with(world, down, DOWN)
        with pytest.raises(NotDelivered) as fault:
            send(world, message)
        assert not fault.value.final
        assert now(message).state == "queued"
        world.deliver(act.act, world.to_act)
        ticket = world.do(world.load(ticket), "acknowledge")
        assert ticket.state == "acknowledged"
    assert send(world, message).state == "sent"
    assert world.load(ticket).failed_messages == 0


def test_the_last_failure_shows_on_the_ticket_and_rings(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, message = told(world)
    fail_with(world, monkeypatch, DOWN)
    assert send(world, message, last=True) == sending.Outcome("failed", cause="sns ConnectTimeoutError")
    assert now(message).state == "failed"
    after = world.load(ticket)
    assert after.failed_messages == 1
    failed = after.events[-1]
    assert (failed.kind, failed.data["template"], failed.data["to"]) == ("message_failed", "reported", "reporter")
    assert not failed.said
    assert world.rings["MessagesFailed"] == 1


def test_a_number_that_nobody_will_ever_take_is_given_up_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, message = told(world)
    fail_with(world, monkeypatch, REFUSED)
    assert send(world, message) == sending.Outcome("failed", cause="sns InvalidParameter")
    assert world.load(ticket).failed_messages == 1


def test_giving_up_twice_is_noted_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, message = told(world)
    fail_with(world, monkeypatch, DOWN)
    send(world, message, last=True)
    world.table.write(Change(message.key, sets={"state": "queued"}))
    send(world, message, last=True)
    assert world.load(ticket).failed_messages == 1


def test_one_way_that_works_is_enough(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, message = told(world, phone=PHONE, email="a@example.invalid")

    def refuse(**call: Any) -> None:
        raise DOWN

    monkeypatch.setattr(world.provider, "publish", refuse)
    assert send(world, message) == sending.Outcome("sent", "mail", "sns ConnectTimeoutError")
    assert world.load(ticket).failed_messages == 0


def test_a_fault_of_ours_shows_after_the_last_try_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, message = told(world)
    monkeypatch.setattr("chalicelib.language.wording.sms", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        send(world, message)
    assert send(world, message, last=True) == sending.Outcome("failed", cause="ZeroDivisionError")
    assert world.load(ticket).failed_messages == 1


def test_in_code_form_the_sms_has_a_code_and_no_link_and_redelivery_has_the_same(world: World, set_up: Any) -> None:
    set_up(SMS_FORM="code")
    _, message = told(world, phone=PHONE)
    send(world, message)
    world.table.write(Change(message.key, sets={"state": "queued"}))
    send(world, message)
    first, second = (call["Message"] for call in world.provider.sent)
    assert first == second
    assert "/o/" not in first
    assert re.search(r"\d{6}(?!\d)", first)
    assert "https://bx.example.cn/c" in first


def test_in_code_form_the_e_mail_still_has_the_link(world: World, set_up: Any) -> None:
    set_up(SMS_FORM="code")
    _, message = told(world, phone="", email="b@example.invalid")
    send(world, message)
    assert "/o/" in world.provider.sent[0]["Message"]["Body"]["Text"]["Data"]


def test_every_message_of_a_whole_life_finds_its_words(world: World) -> None:
    outcomes: list[sending.Outcome] = []
    world.sends = lambda ticket_id, sk: outcomes.append(sending.send(ticket_id, sk, world.at))
    ticket = world.report(email="a@example.invalid")
    world.pump()
    window = ["2026-03-02T14:00:00+08:00", "2026-03-02T16:00:00+08:00"]
    for move, who, data in (
        ("acknowledge", "", {"windows": [window]}),
        ("choose_window", "reporter", {}),
        ("arrive", "", {}),
        ("pause", "", {"reason": "parts"}),
        ("resume", "", {}),
        ("complete", "", {}),
        ("refuse", "reporter", {}),
    ):
        world.do(ticket, move, who, **data)
        world.pump()
    world.advance(hours=30)
    assert {o.state for o in outcomes} <= {"sent", "skipped"}
    sent = {m.template for m in world.told(ticket) if m.state == "sent"}
    wanted = {"reported", "assigned", "windows_offered", "window_chosen", "paused", "completed"}
    assert wanted | {"reworked", "breached", "escalated"} <= sent
    assert all(len(call["Message"]) <= 134 for call in world.provider.sent if "PhoneNumber" in call)


def test_another_country_gets_as_many_sms_a_day_as_the_settings_say_and_no_more(world: World, set_up: Any) -> None:
    set_up(SMS_ABROAD="852", SMS_ABROAD_DAILY="2")
    for n in range(4):
        ticket, message = told(world, phone=f"+85290000{n:03d}")
        outcome = sending.send(ticket.id, message.sk, world.at)
        assert (outcome.state, outcome.cause) == (("sent", "") if n < 2 else ("failed", "abroad_ceiling"))
    assert [s["PhoneNumber"][:4] for s in world.provider.sent] == ["+852"] * 2


@pytest.mark.parametrize("end", ["cancel", "none"])
def test_what_was_given_up_is_tried_no_more_though_the_ticket_is_closed(
    world: World, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    ticket, message = told(world)
    if end == "cancel":
        world.do(ticket, "cancel", "reporter")
    fail_with(world, monkeypatch, DOWN)
    assert send(world, message, last=True).state == "failed"
    assert world.sweep()["queued"] == 0
    row = world.table.get(*message.key)
    assert row is not None
    assert "due" not in row
