"""The sub-ledger: every entry balances, and its accounts say what the deductions say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.money import ledger
from chalicelib.domain.money.ledger import Line, Posting, balances, faults_of, following, postings, standing
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.roles import Role
from tests.services.money.debts import Debt

AT = datetime(2026, 3, 31, 17, 0, tzinfo=UTC)  # the next day in China
ZONE = "Asia/Shanghai"
FIRM = Debt("DEBT#1", 5, total=1000, state="firm", number="D1")


def test_each_state_stands_on_its_account() -> None:
    for state, account in (
        ("approved", "approved"),
        ("noticed", "noticed"),
        ("delivered", "noticed"),
        ("firm", "firm"),
    ):
        assert standing(replace(FIRM, state=state)) == {account: 1000, "claims": -1000}
    assert standing(replace(FIRM, state="proposed")) == {"proposed": 1000, "proposed_counter": -1000}
    assert standing(replace(FIRM, state="rejected")) == {}
    disputed = replace(FIRM, state="disputed", disputed_fen=400)
    assert standing(disputed) == {"noticed": 600, "disputed": 400, "claims": -1000}


def test_recovered_and_reversed_afterwards_is_a_refund_due() -> None:
    paid = replace(FIRM, recovered={"retention": 700})
    assert standing(paid)["firm"] == 300
    back = standing(replace(paid, reversed=1000))
    assert back == {"recovered:retention": 700, "reversed": 1000, "refund_due": -700, "claims": -1000}
    given_back = standing(replace(paid, reversed=1000, refunded=700))
    assert "refund_due" not in given_back
    assert given_back["refunded"] == -700


amounts = st.integers(0, 1000)


@given(st.lists(st.tuples(st.sampled_from(["recovered", "reversed", "written_off", "refunded"]), amounts), max_size=8))
def test_whatever_happens_each_entry_balances_and_the_accounts_are_those_of_the_deduction(
    moves: list[tuple[str, int]],
) -> None:
    one, entries = replace(FIRM, state="proposed", version=1), []
    entries += postings(None, one, event(1), ZONE)
    for version, (what, fen) in enumerate([("state", 0), *moves], 2):
        now = replace(one, version=version)
        if what == "state":
            now.state = "firm"
        elif what == "recovered":
            now.recovered = {"bond": one.recovered.get("bond", 0) + min(fen, max(0, one.left))}
        elif what == "refunded":
            now.refunded += min(fen, max(0, -one.left))
        else:
            setattr(now, what, getattr(one, what) + min(fen, one.total - one.reversed - one.written_off))
        entries += postings(one, now, event(version), ZONE)
        one = now
        assert {a: fen for a, fen in balances(entries).items() if fen} == standing(one)
    assert faults_of(entries) == []


def event(version: int) -> Event:
    return Event("moved", AT, "o1", Role.OFFICE, version=version)


def test_an_entry_lies_in_the_period_of_its_day_in_china() -> None:
    [entry] = postings(None, FIRM, event(1), ZONE)
    assert (entry.day.isoformat(), entry.period) == ("2026-04-01", "2026-04")
    assert following("2026-12") == "2027-01"


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ((Line("firm", "debit", 5), Line("claims", "credit", 4)), "unbalanced"),
        ((Line("claims", "debit", 5), Line("firm", "credit", 5)), "negative"),
        ((Line("firm", "debit", 0), Line("claims", "credit", 0)), "no_amount"),
    ],
)
def test_what_is_wrong_with_an_entry_is_found(lines: tuple[Line, ...], fault: str) -> None:
    [good] = postings(None, FIRM, event(1), ZONE)
    bad: Posting = replace(good, lines=lines)
    assert fault in faults_of([bad])
    assert "twice" in faults_of([good, good])


def test_an_entry_is_stored_and_read_as_it_was() -> None:
    [entry] = postings(None, FIRM, event(1), ZONE)
    assert ledger.made(entry.deduction, entry.version, entry.entity, entry.period, ledger.plain(entry)) == entry
