"""The demo shows what it says it shows: a term that is over, a gap, an overlap, a clause of direct engagement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from chalicelib.commands import links
from chalicelib.domain.contractor.contract import covering, department_of
from chalicelib.domain.record.roles import BESIDE, EMPLOYED, OUTSIDE, ROLES, Role
from chalicelib.domain.time.periods import workdays
from chalicelib.domain.warranty.terms import rule_of
from chalicelib.domain.warranty.verdict import Dates, Payer, Standing, Verdict, verdict
from chalicelib.services.access import access
from chalicelib.services.access.access import NoAccess
from chalicelib.services.loading import loading
from chalicelib.services.record import numbers
from chalicelib.store import contracts, people, places, table
from chalicelib.store.memory import MemoryTable
from infra.local.run import PAGES
from infra.seed.demo import demo
from tests.services.loading.test_loading import Held
from tests.world import MONDAY

TRADES = {"water_leak": "waterproofing", "electrical": "electrical", "doors_windows": "carpentry"}


@pytest.fixture(scope="module", autouse=True)
def loaded() -> Iterator[loading.Loaded]:
    """The demo in a table."""
    table.use(MemoryTable())
    numbers.forget()
    yield loading.load_book(Held(demo()), MONDAY)
    table.use(None)
    numbers.forget()


def judged(unit: str, category: str, component: str) -> Verdict:
    """Who answers for a component of a flat on the demo's first day, by what was loaded."""
    place = places.get(unit)
    assert place is not None
    held = contracts.of_project(place.above["project"])
    found = covering(held.contracts, place.as_fact(), category, component, TRADES[category])
    dates = Dates(date.fromisoformat(place.facts["acceptance"]), date.fromisoformat(place.facts["handover"]))
    rule = rule_of(numbers.warranty(), category, component)
    seasons = held.seasons.seasons if held.seasons else {}
    return verdict(dates, rule, found, MONDAY.date(), workdays=workdays({}), seasons=seasons)


def test_the_first_phase_is_out_of_every_term() -> None:
    found = judged("YS-1-1-101", "water_leak", "bathroom")
    assert (found.contractor.state, found.owner.state, found.payer) == (Standing.OUT, Standing.OUT, Payer.OWNER)


def test_a_flat_that_was_handed_over_late_is_in_the_gap() -> None:
    found = judged("YS-2-1-1002", "water_leak", "bathroom")
    assert (found.contractor.state, found.owner.state, found.payer) == (Standing.GAP, Standing.IN, Payer.DEVELOPER)


def test_the_second_phase_is_the_subcontractors_who_never_answers() -> None:
    found = judged("YS-3-2-1001", "water_leak", "bathroom")
    assert (found.payer, found.contract, found.company) == (Payer.CONTRACTOR, "YS-FS", "C-MO")


def test_two_contracts_promise_the_same_bathrooms_and_loading_says_so(loaded: loading.Loaded) -> None:
    found = judged("FL-2-1-302", "water_leak", "bathroom")
    assert (found.payer, found.rivals) == (Payer.UNDECIDED, ("FL-FS", "FL-ZB"))
    assert judged("FL-2-1-302", "water_leak", "balcony").contract == "FL-ZB"
    assert [remark.reason for remark in loaded.remarks] == ["overlap"]


def test_a_clause_of_direct_engagement_and_a_supplier_answer_in_the_third_project() -> None:
    found = judged("LW-A-1203", "water_leak", "bathroom")
    contract = contracts.contract(found.contract)
    assert contract is not None
    assert [c.direct_engagement for c in contract.clauses if c.id == found.clause] == [True]
    assert judged("LW-A-1203", "doors_windows", "window").company == "C-MC"


def test_everybody_who_stands_in_a_contract_is_there() -> None:
    for project in ("YS", "FL", "LW"):
        held = contracts.of_project(project)
        for contract in held.contracts:
            company = contracts.company(contract.company)
            assert company is not None
            assert len(company.receives()) == 2
            assert all(people.get(contact.id) for contact in company.contacts)
            entity = contracts.entity(contract.entity)
            assert entity is not None
            assert project in entity.projects
        whose = department_of(held.matrix, "water_leak/roof", "waterproofing", "settled", MONDAY.date())
        assert whose is not None
        assert (whose.department, whose.person) == ("BX", f"{project}-BX1")
    assert [found.id for found in contracts.third_parties("LW", "waterproofing")] == ["T-FS"]
    assert [found.id for found in contracts.third_parties("YS", "plumbing")] == ["T-JD"]
    assert contracts.third_parties("LW", "plumbing") == []
    assert [staff.id for staff in people.team("BJ/office")] == ["BJ-O1", "BJ-O2"]


def test_contacts_and_workers_have_links_of_their_own_and_a_workers_dies_when_he_leaves() -> None:
    for person, team in (("C-NT.A2", "C-NT/contractor"), ("T-FS.A1", "T-FS/third_party"), ("C-NT.W1", "C-NT/workers")):
        token = access.token(access.staff_grant(person, team, 1))
        assert access.open_link(token).holder == person
    worker = next(row for row in demo()["company_people"] if (row["company"], row["code"]) == ("C-NT", "W1"))
    loaded = loading.load_book(Held({"company_people": [worker | {"active": "否"}]}), MONDAY)
    assert (loaded.faults, loaded.waiting) == ([], [])
    with pytest.raises(NoAccess):
        access.open_link(access.token(access.staff_grant("C-NT.W1", "C-NT/workers", 1)))


def test_the_demos_links_begin_where_each_role_does() -> None:
    work = links.links()["work"]
    where = {role: "/" + link.rpartition("/")[0].rpartition("/")[2] + "/" for role, link in work.items()}
    assert where == {
        role.value: row.home for role, row in ROLES.items() if role in (EMPLOYED | OUTSIDE | BESIDE) - {Role.DEPARTMENT}
    }
    for link in work.values():
        access.open_link(link.rpartition("/")[2])


def test_no_company_of_the_demo_exists_or_can_be_reached() -> None:
    rows = demo()
    for row in (*rows["entities"], *rows["contractors"], *rows["third_parties"]):
        assert str(row["name"]).startswith("演示")
        assert str(row["tax_number"]).startswith("0000")
        assert str(row.get("email", "x.example")).endswith(".example")
        assert str(row.get("account", "0000")).startswith("0000")
    for row in rows["company_people"]:
        assert str(row["name"]).startswith("测试")
        assert str(row["phone"]).startswith("100-0")
        assert str(row["email"]).endswith(".example")


def test_make_run_has_a_word_for_where_each_role_begins() -> None:
    assert {row.home for row in ROLES.values() if row.home} - {"/o/"} <= PAGES.keys()
