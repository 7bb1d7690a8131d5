"""Who answers by dates: every row of the table, and what makes a date unknown, longer or nobody's."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters import policies
from chalicelib.domain.contractor.contract import Clause, Contract, ContractKind, Scope, Starts
from chalicelib.domain.time.periods import workdays
from chalicelib.domain.warranty.terms import Rule, rule_of
from chalicelib.domain.warranty.verdict import Dates, Payer, Standing, Verdict, read, verdict

ACCEPTED, HANDED = date(2021, 6, 30), date(2021, 9, 30)
HOME = Dates(ACCEPTED, HANDED)
LEAK = rule_of(policies.warranty(), "water_leak", "bathroom")  # 5 years, 3 for the owner by his table
TAP = rule_of(policies.warranty(), "plumbing", "tap")  # 2 years, 2 months
RADIATOR = rule_of(policies.warranty(), "heating_cooling", "radiator")
FIVE_YEARS = Clause("K1", Scope(), "防水五年", months=60)
CONTRACT = Contract("C1", "HT-2019-01", "E1", "BUILDER", ContractKind.GENERAL, ("P1",), ("P1",), date(2019, 1, 1))


def judge(
    on: date,
    dates: Dates = HOME,
    rule: Rule | None = LEAK,
    clause: Clause | None = FIVE_YEARS,
    contract: Contract = CONTRACT,
) -> Verdict:
    return verdict(dates, rule, [(contract, clause)] if clause else [], on)


def codes(found: Verdict) -> list[str]:
    return [reason.code for reason in found.why]


def test_within_the_contractors_term_the_contractor_pays_on_its_last_day_too() -> None:
    for day in (HANDED, date(2026, 6, 30)):
        found = judge(day)
        assert (found.payer, found.contractor.state, found.owner.state) == (Payer.CONTRACTOR, "in", "in")
        assert (found.contract, found.clause, found.company, found.term) == ("C1", "K1", "BUILDER", "waterproofing")
    assert (found.contractor.start, found.contractor.end) == (ACCEPTED, date(2026, 6, 30))


def test_in_the_gap_the_developer_pays() -> None:
    found = judge(date(2026, 7, 1), Dates(ACCEPTED, date(2025, 9, 30)))  # the owner's three years begin late
    assert (found.payer, found.contractor.state, found.owner.state) == (Payer.DEVELOPER, "gap", "in")
    assert found.owner.end == date(2028, 9, 30)
    assert codes(found)[-1] == "gap"


def test_after_both_terms_the_owner_pays_and_for_a_common_part_the_fund_is_named() -> None:
    assert judge(date(2026, 7, 1)).payer is Payer.OWNER
    common = judge(date(2026, 7, 1), Dates(ACCEPTED, None, common=True))
    assert (common.payer, common.owner.start, common.owner.state) == (Payer.FUND, ACCEPTED, "out")
    assert codes(common)[-1] == "both_over_common"


def test_a_flat_that_nobody_has_is_the_developers_after_the_contractors_term() -> None:
    assert judge(date(2022, 1, 1), Dates(ACCEPTED, None)).payer is Payer.CONTRACTOR
    found = judge(date(2026, 7, 1), Dates(ACCEPTED, None))
    assert (found.payer, found.owner.state) == (Payer.DEVELOPER, "before")
    later = judge(date(2026, 7, 1), Dates(ACCEPTED, date(2026, 12, 1)))
    assert (later.payer, later.owner.state) == (Payer.DEVELOPER, "before")


def test_handed_over_before_acceptance_the_contractor_still_owes_its_work() -> None:
    found = judge(date(2021, 5, 1), Dates(ACCEPTED, date(2021, 4, 1)))
    assert (found.payer, found.contractor.state, found.owner.state) == (Payer.CONTRACTOR, "before", "in")
    assert found.owner.end == found.contractor.end == date(2026, 6, 30)
    assert codes(found)[-1] == "not_accepted"


def test_no_clause_or_several_are_for_the_office_to_decide() -> None:
    none = judge(HANDED, clause=None)
    assert (none.payer, none.contract, codes(none)[-1]) == (Payer.UNDECIDED, "", "no_clause")
    assert none.contractor.end == date(2026, 6, 30)  # what the law gives at least
    other = replace(CONTRACT, id="C2", number="HT-2019-02")
    several = verdict(Dates(ACCEPTED, HANDED), LEAK, [(CONTRACT, FIVE_YEARS), (other, FIVE_YEARS)], HANDED)
    assert (several.payer, several.rivals) == (Payer.UNDECIDED, ("C1", "C2"))
    assert several.why[-1].facts == {"contracts": "HT-2019-01, HT-2019-02"}
    twice = verdict(Dates(ACCEPTED, HANDED), LEAK, [(CONTRACT, FIVE_YEARS), (CONTRACT, FIVE_YEARS)], HANDED)
    assert (twice.payer, twice.rivals) == (Payer.UNDECIDED, ("C1",))


def test_without_an_acceptance_date_nothing_is_known_of_the_contractor() -> None:
    found = judge(HANDED, Dates(None, HANDED))
    assert (found.payer, found.contractor.state) == (Payer.UNDECIDED, Standing.UNKNOWN)
    assert found.owner.state is Standing.IN  # his table counts from handover all the same
    assert judge(HANDED, Dates(None, None, common=True)).payer is Payer.UNDECIDED
    dated = replace(FIVE_YEARS, starts=Starts.DAY, starts_on=date(2010, 1, 1))
    assert judge(HANDED, Dates(None, None, common=True), clause=dated).payer is Payer.UNDECIDED


def test_a_clause_counts_from_its_own_start() -> None:
    from_handover = replace(FIVE_YEARS, starts=Starts.HANDOVER)
    assert judge(HANDED, clause=from_handover).contractor.end == date(2026, 9, 30)
    not_yet = judge(date(2022, 1, 1), Dates(ACCEPTED, None), clause=from_handover)
    assert (not_yet.payer, not_yet.contractor.end) == (Payer.CONTRACTOR, date(2026, 6, 30))  # the law's meanwhile
    dated = replace(FIVE_YEARS, starts=Starts.DAY, starts_on=date(2021, 8, 1))
    assert judge(HANDED, Dates(None, HANDED), clause=dated).contractor.end == date(2026, 8, 1)


def test_a_longer_clause_holds_for_the_owner_too_and_a_shorter_one_for_nobody() -> None:
    ten = judge(date(2030, 1, 1), clause=replace(FIVE_YEARS, months=120))
    assert (ten.payer, ten.contractor.end, ten.owner.end) == (Payer.CONTRACTOR, date(2031, 6, 30), date(2031, 6, 30))
    short = judge(date(2022, 1, 1), clause=replace(FIVE_YEARS, months=6))
    assert (short.payer, short.contractor.end) == (Payer.CONTRACTOR, date(2026, 6, 30))
    assert codes(short)[0] == "law"


def test_the_owner_never_has_less_than_his_table() -> None:
    late = judge(date(2028, 1, 1), Dates(ACCEPTED, date(2025, 9, 30)), TAP, replace(FIVE_YEARS, months=24))
    assert late.owner.end == date(2025, 11, 30)  # two months by the table; of the contractor's nothing was left
    assert codes(late)[1] == "owner_table"
    assert late.payer is Payer.OWNER


def test_what_was_bought_out_of_warranty_is_the_developers() -> None:
    bought = replace(CONTRACT, bought_out=True)
    assert judge(HANDED, contract=bought).payer is Payer.DEVELOPER
    assert codes(judge(HANDED, contract=bought))[-1] == "bought_out"
    assert judge(date(2027, 1, 1), contract=bought).payer is Payer.OWNER


def test_what_the_law_names_no_term_for_has_the_clauses() -> None:
    found = judge(date(2022, 1, 1), rule=None, clause=replace(FIVE_YEARS, months=12))
    assert (found.payer, found.term, found.contractor.end) == (Payer.CONTRACTOR, "", date(2022, 6, 30))
    assert found.owner.end == date(2022, 6, 30)
    nothing = judge(date(2022, 1, 1), rule=None, clause=None)
    assert (nothing.payer, nothing.contractor.state, nothing.owner.state) == (Payer.UNDECIDED, "unknown", "unknown")


def test_seasons_are_those_of_the_city() -> None:
    clause = Clause("K2", Scope(), "两个采暖期", seasons=2, season="heating")
    plain = judge(date(2022, 1, 1), rule=RADIATOR, clause=clause)
    assert plain.contractor.end == date(2023, 3, 15)
    north = verdict(
        Dates(ACCEPTED, HANDED),
        RADIATOR,
        [(CONTRACT, clause)],
        date(2022, 1, 1),
        seasons={"heating": ((10, 20), (4, 20))},
    )
    assert north.contractor.end == date(2023, 4, 20)


def test_an_end_on_a_day_off_moves_where_workdays_are_known() -> None:
    found = verdict(
        Dates(date(2021, 6, 26), HANDED), LEAK, [(CONTRACT, FIVE_YEARS)], HANDED, workdays=workdays({})
    )  # 26 June 2026 is a Friday, the 27th a Saturday
    assert found.contractor.end == date(2026, 6, 26)
    found = verdict(Dates(date(2021, 6, 27), HANDED), LEAK, [(CONTRACT, FIVE_YEARS)], HANDED, workdays=workdays({}))
    assert found.contractor.end == date(2026, 6, 29)


DAYS = st.dates(date(2015, 1, 1), date(2035, 1, 1))


@given(
    st.none() | DAYS,
    st.none() | DAYS,
    st.booleans(),
    DAYS,
    st.sampled_from([None, LEAK, TAP, RADIATOR]),
    st.sampled_from([0, 1, 2]),
    st.integers(1, 120),
    st.booleans(),
)
def test_whatever_the_dates_somebody_pays_or_the_office_decides_and_it_is_kept_as_it_was(
    accepted: date | None,
    handed: date | None,
    common: bool,
    on: date,
    rule: Rule | None,
    many: int,
    months: int,
    bought_out: bool,
) -> None:
    contract = replace(CONTRACT, bought_out=bought_out)
    clauses = [(contract, replace(FIVE_YEARS, months=months))] * many
    found = verdict(Dates(accepted, handed, common), rule, clauses, on)
    assert read(json.loads(json.dumps(found.stored()))) == found
    assert found.why
    assert (found.payer is Payer.UNDECIDED) >= (many != 1)
    if found.owner.end and found.contractor.end and found.owner.start:
        left = found.contractor.end >= found.owner.start
        assert not left or found.owner.end >= found.contractor.end
    if common:
        assert found.payer is not Payer.OWNER
    if found.payer is Payer.CONTRACTOR:
        assert found.contractor.end
        assert on <= found.contractor.end + timedelta(days=0)
        assert not bought_out


@pytest.mark.parametrize("state", list(Standing))
def test_every_standing_of_a_side_comes_about(state: Standing) -> None:
    found = [
        judge(HANDED),
        judge(date(2021, 5, 1), Dates(ACCEPTED, date(2021, 4, 1))),
        judge(date(2026, 7, 1)),
        judge(date(2026, 7, 1), Dates(ACCEPTED, date(2025, 9, 30))),
        judge(HANDED, Dates(None, HANDED)),
    ]
    assert state in {side.state for one in found for side in (one.owner, one.contractor)}
