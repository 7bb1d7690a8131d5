"""Taking a report: once, for whoever sent it; said to a person, the first contact is made with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from chalicelib.adapters import ids
from chalicelib.adapters.policies import policy
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.ticket.promises import promises
from chalicelib.domain.ticket.ticket import Actor, Role
from chalicelib.services.ticket import report
from chalicelib.store.table import Conflict, Write
from tests.world import MONDAY, World


@pytest.mark.parametrize(("channel", "spoken"), [("phone", True), ("counter", True), ("email", False), ("web", False)])
def test_who_reports_to_a_person_has_been_contacted(world: World, channel: str, spoken: bool):
    sent = report.Report(ids.ulid(MONDAY), "U1", words="马桶堵了", phone="13900000001")
    taken = report.take(sent, MONDAY, Actor("d1", Role.DESK, channel=channel)).ticket
    assert taken.contacted is spoken
    response = next(p for p in promises(taken, policy()) if p.name == "response")
    assert response.running is not spoken


def test_the_same_report_sent_twice_is_one_ticket(world: World):
    sent = report.Report(ids.ulid(MONDAY), "U1", words="马桶堵了", phone="139 0000 0001", consent=True)
    first, second = report.take(sent, MONDAY), report.take(sent, MONDAY)
    assert (second.token, second.again) == (first.token, True)
    assert second.ticket.version == 1


@pytest.mark.parametrize("other", [{"phone": "13900000002"}, {"email": "a@example.com"}, {"words": "厨房也漏水"}])
def test_a_form_that_somebody_else_or_another_fault_was_sent_with_gives_no_link(world: World, other: dict[str, str]):
    sent = report.Report(ids.ulid(MONDAY), "U1", words="马桶堵了", phone="13900000001", consent=True)
    report.take(sent, MONDAY)
    with pytest.raises(Invalid) as refused:
        report.take(replace(sent, **other), MONDAY)  # type: ignore[arg-type]
    assert (refused.value.field, refused.value.reason) == ("mark", "form_expired")


def test_two_reports_that_meet_at_a_counter_are_both_taken(world: World, monkeypatch: pytest.MonkeyPatch):
    transact, met = world.table.transact, []

    def meets(writes: Sequence[Write], token: str = "") -> None:
        if not met:
            met.append(1)
            raise Conflict([], len(writes))
        transact(writes, token)

    monkeypatch.setattr(world.table, "transact", meets)
    taken = report.take(report.Report(ids.ulid(MONDAY), "U1", words="漏水", phone="13900000001", consent=True), MONDAY)
    assert met
    assert not taken.again
    assert world.load(taken.ticket).number == taken.ticket.number


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("139 0000-0001", "13900000001"),
        ("+86 13900000001", "13900000001"),
        ("008613900000001", "13900000001"),
        ("8613900000001", "13900000001"),
        ("++86 139 0000 0001", "13900000001"),
        ("1+3900000001", "13900000001"),
        ("+86 20 8888 0000", "2088880000"),
        ("020-88880000", "02088880000"),
        ("8613900", "8613900"),
        ("+1 (314) 555-0100", "+13145550100"),
        ("001 314 555 0100", "+13145550100"),
        ("+", ""),
        ("", ""),
    ],
)
def test_a_phone_is_the_same_however_it_is_written_and_another_countrys_is_no_number_here(typed: str, kept: str):
    assert report.plain_phone(typed) == kept
    assert report.plain_phone(kept) == kept


@pytest.mark.parametrize("sound", ["a@b.cn", "li.wei+baoxiu@mail.example.com.cn", "o'neill@example.xn--fiqs8s"])
def test_an_address_is_taken(sound: str):
    assert report.is_email(sound)


WRONG = ["", "a", "a@b", "@b.cn", "a@b.c", "a@.cn", "a@b@c.cn", "a b@c.cn", "<a@b.cn>", '"a"@b.cn', "周@b.cn"]
WRONG += ["a@b.cn,c@d.cn", "a@b.cn;c@d.cn", "a@b.cn?bcc=c@d.cn", "a@b.cn&cc=c@d.cn", "a%0Abcc:c@d.cn"]
WRONG += ["a@b.cn\n", "a" * 250 + "@b.cn", "a@" + "b." * 200]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_more_or_less_than_an_address_is_refused(wrong: str):
    assert not report.is_email(wrong)
