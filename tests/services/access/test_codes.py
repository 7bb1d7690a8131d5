"""Codes: one-time, limited tries, nothing learned by trying. New links: to the registered address only."""

from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest

from chalicelib.domain.record.errors import Invalid
from chalicelib.services.access import access, codes
from chalicelib.services.access.codes import TooOften, WrongCode
from chalicelib.services.record import sending
from chalicelib.store import grants
from tests.world import World

PHONE = "19900000001"
HERE = "203.0.113.7"


def kept(world: World, phone: str = PHONE, code: str = "12345678") -> grants.Grant:
    """A ticket whose reporter was sent a code."""
    ticket = world.report(phone=phone)
    grant = access.own_grant(ticket.id)
    codes.keep(phone, code, grant, world.at)
    return grant


def test_phone_and_code_open_what_the_link_would(world: World) -> None:
    grant = kept(world)
    assert codes.redeem("199 0000 0001", " 1234 5678 ", HERE, world.at) == grant


def test_a_code_opens_once(world: World) -> None:
    kept(world)
    codes.redeem(PHONE, "12345678", HERE, world.at)
    with pytest.raises(WrongCode):
        codes.redeem(PHONE, "12345678", HERE, world.at)


def test_sending_it_again_does_not_revive_a_used_code(world: World) -> None:
    grant = kept(world)
    codes.redeem(PHONE, "12345678", HERE, world.at)
    codes.keep(PHONE, "12345678", grant, world.at)
    with pytest.raises(WrongCode):
        codes.redeem(PHONE, "12345678", HERE, world.at)


def test_wrong_used_and_expired_are_refused_alike(world: World) -> None:
    kept(world)
    refusals = []
    for phone, code, at in (
        (PHONE, "87654321", world.at),
        ("19900000002", "12345678", world.at),
        (PHONE, "12345678", world.at + codes.VALID),
    ):
        with pytest.raises(WrongCode) as refused:
            codes.redeem(phone, code, HERE, at)
        refusals.append((refused.value.reason, refused.value.details))
    assert len(set(map(str, refusals))) == 1


def test_an_address_has_five_tries_for_a_phone_in_a_quarter_of_an_hour(world: World) -> None:
    kept(world)
    for number in range(5):
        with pytest.raises(WrongCode):
            codes.redeem(PHONE, f"0000000{number}", HERE, world.at)
    with pytest.raises(TooOften):
        codes.redeem(PHONE, "12345678", HERE, world.at)
    assert codes.redeem(PHONE, "12345678", HERE, world.at + timedelta(minutes=15))


def test_wrong_codes_from_anywhere_do_not_stop_the_phones_owner(world: World) -> None:
    grant = kept(world)
    for address in range(20):
        for number in range(5):
            with pytest.raises(WrongCode):
                codes.redeem(PHONE, f"00000{address:02d}{number}", f"198.51.100.{address}", world.at)
    assert codes.redeem(PHONE, "12345678", HERE, world.at) == grant


def test_a_code_has_eight_digits(world: World) -> None:
    assert {len(codes.code_of("T", str(n))) for n in range(50)} == {8}
    assert all(codes.code_of("T", str(n)).isdigit() for n in range(50))


def test_a_code_of_six_digits_that_was_sent_before_still_opens_under_the_numbers_made_for_it(world: World) -> None:
    grant = kept(world, code="123456")
    for number in range(5):
        with pytest.raises(WrongCode):
            codes.redeem(PHONE, f"00000{number}", f"203.0.113.{number}", world.at)
    with pytest.raises(TooOften):
        codes.redeem(PHONE, "123456", "203.0.113.99", world.at)
    assert codes.redeem(PHONE, "123456", HERE, world.at + timedelta(minutes=15)) == grant


def test_an_address_that_tries_many_phones_is_slowed(world: World) -> None:
    for number in range(20):
        with pytest.raises(WrongCode):
            codes.redeem(f"199000000{number:02d}", "12345678", HERE, world.at)
    with pytest.raises(TooOften):
        codes.redeem("19900000099", "12345678", HERE, world.at)


def test_right_codes_are_no_guesses(world: World) -> None:
    grant = kept(world)
    for number in range(25):
        codes.keep(PHONE, f"{number:08d}", grant, world.at)
        assert codes.redeem(PHONE, f"{number:08d}", HERE, world.at) == grant


def test_over_all_addresses_a_phone_takes_a_bounded_number_of_tries(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "TRIES", (*codes.TRIES[:3], ("phone", 86400, 40)))
    kept(world)
    wrong = 0
    for n in range(60):
        with contextlib.suppress(TooOften, WrongCode):
            codes.redeem(PHONE, f"9{n:07d}", f"2001:db8:{n}", world.at)
            raise AssertionError
    for n in range(60, 70):
        with pytest.raises(TooOften):
            codes.redeem(PHONE, f"9{n:07d}", f"2001:db8:{n}", world.at)
        wrong += 1
    assert wrong == 10


def test_who_is_stopped_by_the_address_uses_up_nobodys_tries(world: World) -> None:
    for number in range(20):
        with pytest.raises(WrongCode):
            codes.redeem(f"199000000{number:02d}", "12345678", HERE, world.at)
    for _ in range(9):
        with pytest.raises(TooOften):
            codes.redeem(PHONE, "00000000", HERE, world.at)
    kept(world)
    assert codes.redeem(PHONE, "12345678", "203.0.113.8", world.at)


def test_the_table_has_neither_phone_nor_code(world: World) -> None:
    kept(world)
    for number in range(3):
        with pytest.raises(WrongCode):
            codes.redeem(PHONE, f"0000000{number}", HERE, world.at)
    stored = {pk: part for pk, part in world.table.parts.items() if pk.startswith(("CODE#", "SLOW#"))}
    assert stored
    assert "12345678" not in str(stored)
    assert PHONE not in str(stored)


@pytest.mark.parametrize(("phone", "code", "field"), [("", "12345678", "phone"), (PHONE, "abc", "code")])
def test_what_is_missing_is_named(world: World, phone: str, code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        codes.redeem(phone, code, HERE, world.at)
    assert refused.value.field == field


def test_a_new_link_goes_to_the_address_of_the_report(world: World) -> None:
    world.sends = lambda ticket_id, sk: sending.send(ticket_id, sk, world.at)  # type: ignore[assignment,return-value]
    ticket = world.report(phone=PHONE)
    world.pump()
    before = len(world.provider.sent)
    codes.send_again(ticket.number, HERE, world.at)
    world.pump()
    again = [call for call in world.provider.sent[before:] if call["PhoneNumber"] == f"+86{PHONE}"]
    assert len(again) == 1
    assert "/o/" in again[0]["Message"]
    assert world.kinds(ticket).count("link_asked") == 1


def test_any_number_gives_the_same_answer(world: World) -> None:
    ticket = world.report()
    assert codes.send_again(ticket.number, HERE, world.at) is None
    assert codes.send_again("48392175" + _check("48392175"), HERE, world.at) is None
    with pytest.raises(Invalid):
        codes.send_again("123", HERE, world.at)


def test_three_new_links_an_hour_are_enough_for_a_ticket_that_exists_or_not(world: World) -> None:
    ticket = world.report()
    for number in (ticket.number, "48392175" + _check("48392175")):
        for i in range(3):
            codes.send_again(number, f"203.0.113.{i}", world.at)
        with pytest.raises(TooOften):
            codes.send_again(number, HERE, world.at)
    assert world.kinds(ticket).count("link_asked") == 3


def test_nobody_can_have_more_than_six_links_a_day_sent_to_a_reporter(world: World) -> None:
    ticket = world.report()
    midnight = world.at.replace(hour=0)
    for hour in range(24):
        for n in range(3):
            with contextlib.suppress(TooOften):
                codes.send_again(ticket.number, f"203.0.113.{hour}{n}", midnight + timedelta(hours=hour))
    assert world.kinds(ticket).count("link_asked") == 6


def _check(digits: str) -> str:
    from chalicelib.domain.record.number import check_digit

    return check_digit(digits)
