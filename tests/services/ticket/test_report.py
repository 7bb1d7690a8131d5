"""Taking a report: once, for whoever sent it; said to a person, the first contact is made with it."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace

import pytest

from chalicelib.adapters import ids
from chalicelib.adapters.policies import policy
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.ticket.promises import promises
from chalicelib.domain.ticket.ticket import Actor, Role
from chalicelib.services.record import numbers
from chalicelib.services.ticket import report
from chalicelib.services.ticket.report import Slowed
from chalicelib.store.table import Conflict, Write, key_of
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


def test_the_first_report_of_a_process_takes_three_calls(world: World, monkeypatch: pytest.MonkeyPatch):
    sent = report.heard(report.Report(ids.ulid(MONDAY), "U1", words="马桶堵了", phone="13900000001", consent=True))
    numbers.forget()
    calls: list[str] = []
    for name in ("get", "query", "index", "count", "batch", "write", "transact"):
        real = getattr(world.table, name)

        def counted(*args: object, _real: object = real, _name: str = name, **more: object) -> object:
            calls.append(_name)
            return _real(*args, **more)  # type: ignore[operator]

        monkeypatch.setattr(world.table, name, counted)
    report.take(sent, MONDAY)
    assert calls == ["query", "batch", "get", "get", "transact"]  # a batch of the twin gets each


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


def test_numbers_names_and_addresses_are_kept_in_their_one_form(world: World):
    sent = report.Report(
        ids.ulid(MONDAY),
        "U1",
        words="gas\u00a0smell\u2028here",
        name="张\U0002ebf1\u202e\u3000\ue001",
        phone="１３９－００００－０００１",
        email="Ｌi@Example.CN",
        consent=True,
    )
    ticket = report.take(sent, MONDAY).ticket
    said = ticket.said("reported")
    assert (said["phone"], said["email"]) == ("13900000001", "Li@example.cn")
    assert (said["words"], said["name"]) == ("gas smell here", "张\U0002ebf1 \ue001")
    assert ticket.category == "gas_smell"


def sends(n: int, phone: str = "", words: str = "漏水", unit: str = "U1", address: str = "") -> report.Report:
    return report.Report(
        ids.ulid(MONDAY, n.to_bytes(10, "big")),
        unit,
        words=words,
        phone=phone or f"139{n:08d}",
        consent=True,
        address=address or f"203.0.113.{n}",
    )


def flood(words: str = "漏水") -> int:
    """Reports of strangers for a flat until they are stopped there; how many were taken."""
    for n in range(200):
        try:
            report.take(sends(1000 + n, words=words), MONDAY)
        except Slowed:
            return n
    pytest.fail("nobody was stopped")


def test_strangers_reports_do_not_stop_the_registered_owner_of_the_flat(world: World):
    flood()
    assert report.take(sends(900, phone="19911112222"), MONDAY).ticket.verified


def test_strangers_reports_do_not_stop_an_emergency(world: World):
    flood()
    assert report.take(sends(900, words="厨房有煤气味"), MONDAY).ticket.priority.value == "emergency"


def test_one_address_does_not_use_up_what_lets_the_owner_and_emergencies_through(world: World):
    flood()
    taken = 0
    for n in range(400, 430):
        with contextlib.suppress(Slowed):
            report.take(sends(n, words="有煤气味", address="198.51.100.1"), MONDAY)
            report.take(sends(n + 100, phone="19911112222", address="198.51.100.1"), MONDAY)
            taken += 1
    assert taken == 12
    assert report.take(sends(900, words="厨房有煤气味"), MONDAY)
    assert report.take(sends(901, phone="19911112222"), MONDAY)


def test_a_registered_owners_report_writes_seven_rows_and_two_of_them_count(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    seen: list[list[str]] = []
    transact = world.table.transact

    def watched(writes: Sequence[Write], token: str = "") -> None:
        seen.append([key_of(write)[0].partition("#")[0] for write in writes])
        transact(writes, token)

    monkeypatch.setattr(world.table, "transact", watched)
    report.take(sends(1, phone="19911112222"), MONDAY)
    assert sorted(seen[0]) == ["GRANT", "NUMBER", "SLOW", "SLOW", "TICKET", "TICKET", "TICKET"]


def test_who_is_let_through_has_a_ceiling(world: World):
    assert flood("有煤气味") == 60


def test_a_lobby_may_be_reported_by_many_at_once_and_a_flat_may_not(world: World):
    for n in range(1, 60):
        report.take(sends(n, unit="A1"), MONDAY)
    assert flood() == 12


@pytest.mark.parametrize(
    ("phone", "reason"),
    [
        ("1390000000", "phone_form"),
        ("139000000012", "phone_form"),
        ("+1 876 555 0100", "phone_abroad"),
        ("4008000000", "phone_hotline"),
        ("88880000", "phone_area"),
        ("0571-88880000-12", "phone_extension"),
    ],
)
def test_a_phone_that_reaches_nobody_is_refused_with_the_way_out(world: World, phone: str, reason: str):
    with pytest.raises(Invalid) as refused:
        report.take(report.Report(ids.ulid(MONDAY), "U1", words="漏水", phone=phone, consent=True), MONDAY)
    assert (refused.value.field, refused.value.reason) == ("phone", reason)


def test_words_that_nobody_sees_are_no_words(world: World):
    sent = report.Report(ids.ulid(MONDAY), "U1", words="\u200b\ufeff", phone="13900000001", consent=True)
    with pytest.raises(Invalid):
        report.take(sent, MONDAY)
