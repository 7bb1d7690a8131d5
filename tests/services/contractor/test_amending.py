"""Companies and contracts change by two people: nothing holds before the second, and the old contact is told."""

from __future__ import annotations

import copy
from datetime import date, timedelta

import pytest

from chalicelib.domain.contractor.amendment import PREFIX, Amendment
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role
from chalicelib.language.faults import explain_fault
from chalicelib.services.access import access
from chalicelib.services.access.access import NoAccess
from chalicelib.services.contractor import amending, amendments
from chalicelib.services.loading import loading
from chalicelib.services.record import record
from chalicelib.store import contracts, people
from chalicelib.store.table import Conflict, Put
from tests.services.loading.test_loading import Held, Rows
from tests.world import World

OFFICE = Actor("o1", Role.OFFICE, "grant")
ZHANG = amending.operator("zhang")


def sheets() -> Rows:
    """A contractor with two contacts and a worker, and one contract."""
    people_of = (("A1", "授权联系人", 1), ("A2", "授权联系人", 2), ("W1", "施工人员", 1))
    return {
        "entities": [
            {"code": "E", "name": "演示置业", "tax_number": "000000000000000013", "projects": "P1"},
        ],
        "contractors": [
            {"code": "C", "name": "演示建设", "tax_number": "000000000000000026", "email": "han@c.example"}
            | {"account": "000000000001", "supplier_code": "G1"}
        ],
        "company_people": [
            {"company": "C", "code": code, "name": f"测试{code}", "duty": duty, "level": str(level)}
            | {"phone": f"100-0040-000{n}", "active": "是"}
            for n, (code, duty, level) in enumerate(people_of, 1)
        ],
        "contracts": [
            {"code": "H", "number": "HT-1", "entity": "E", "company": "C", "kind": "总包", "lots": "P1"}
            | {"signed": "2018-01-01", "amount": "100万元"}
        ],
        "clauses": [
            {"contract": "H", "code": "1", "text": "防水", "term": "5年", "components": "渗漏水", "fee_rate": "10%"}
            | {"cap": "1万元"},
        ],
    }


@pytest.fixture
def stored(world: World) -> World:
    """The world, with the contractor loaded and somebody in its warranty office."""
    world.employ("o1", "S1/office")
    load(world, sheets())
    assert record_ids() == []
    return world


def load(world: World, rows: Rows, name: str = "li") -> loading.Loaded:
    loaded = loading.load_book(Held(rows), world.at, by=lambda: amending.operator(name))
    assert [explain_fault(fault, "zh_CN") for fault in loaded.faults] == []
    return loaded


def changed(sheet: str, row: int = 0, **cells: object) -> Rows:
    rows = copy.deepcopy(sheets())
    rows[sheet][row] |= cells
    return rows


def record_ids() -> list[str]:
    return [one.id for one in amending.waiting()]


def only() -> Amendment:
    (one,) = amending.waiting()
    return one


def told(world: World, one: Amendment) -> list[tuple[str, str]]:
    return sorted((message.template, message.to) for message in world.told(one.id))


@pytest.mark.parametrize(
    ("rows", "parts"),
    [
        (changed("contractors", account="000000000002"), ("account",)),
        (changed("contractors", email="new@c.example"), ("addresses",)),
        (changed("contractors", supplier_code="G9"), ("details",)),
        (changed("company_people", 0, phone="100-0040-0009"), ("contacts",)),
        (changed("company_people", 0, duty="联系人"), ("contacts",)),
        (changed("company_people", 0, active="否"), ("contacts",)),
        (changed("clauses", cap="2万元"), ("caps",)),
        (changed("clauses", text="防水工程", term="8年"), ("clauses",)),
        (changed("contracts", bought_out="是"), ("details",)),
    ],
)
def test_what_is_stored_changes_only_once_somebody_else_has_confirmed_it(
    stored: World, rows: Rows, parts: tuple[str, ...]
) -> None:
    before = (contracts.company("C"), contracts.contract("H"), people.get("C.A1"))
    assert len(load(stored, rows).waiting) == 1
    one = only()
    assert one.parts == parts
    assert (contracts.company("C"), contracts.contract("H"), people.get("C.A1")) == before
    with pytest.raises(NotAllowed, match="second_person"):
        amending.confirm(one.id, amending.operator("li"), None, stored.at)
    amending.confirm(one.id, OFFICE, None, stored.at)
    stored.advance(minutes=1)
    assert record_ids() == []
    assert record.load(one.id).state == "applied"
    assert (contracts.company("C"), contracts.contract("H"), people.get("C.A1")) != before
    assert load(stored, rows).waiting == []


def test_the_first_load_and_what_is_loaded_again_wait_for_nobody(stored: World) -> None:
    assert load(stored, sheets()).waiting == []
    rows = sheets()
    rows["contractors"].append({"code": "D", "name": "演示丁", "tax_number": "000000000000000039"})
    assert load(stored, rows).waiting == []
    assert contracts.company("D") is not None
    rows["company_people"].append({"company": "D", "code": "A1", "name": "测试", "duty": "授权联系人"})
    rows["company_people"][-1]["phone"] = "100-0040-0008"
    assert load(stored, rows).waiting == []
    company = contracts.company("D")
    assert company is not None
    assert [contact.id for contact in company.receives()] == ["D.A1"]


def test_workers_come_and_go_without_a_second_person(stored: World) -> None:
    rows = changed("company_people", 2, phone="100-0040-0009")
    rows["company_people"].append(rows["company_people"][2] | {"code": "W2", "phone": "100-0040-0010"})
    assert load(stored, rows).waiting == []
    assert people.get("C.W2") is not None
    worker = people.get("C.W1")
    assert worker is not None
    assert worker.phone == "10000400009"


def test_a_new_contact_is_nobody_before_it_is_confirmed(stored: World) -> None:
    rows = sheets()
    rows["company_people"].append(rows["company_people"][0] | {"code": "A3", "phone": "100-0040-0007"})
    load(stored, rows)
    assert people.get("C.A3") is None
    amending.confirm(only().id, ZHANG, None, stored.at)
    stored.advance(minutes=1)
    company = contracts.company("C")
    assert company is not None
    assert [contact.id for contact in company.receives()] == ["C.A1", "C.A3", "C.A2"]
    token = access.token(access.staff_grant("C.A3", "C/contractor", 1))
    assert access.open_link(token).holder == "C.A3"


def test_the_old_contacts_and_the_office_are_told_where_they_were_reached_before(stored: World) -> None:
    load(stored, changed("company_people", 0, phone="100-0040-0009"))
    one = only()
    stored.pump()
    assert told(stored, one) == [
        ("amendment_proposed", "C.A1"),
        ("amendment_proposed", "C.A2"),
        ("amendment_waits", "o1"),
    ]
    amending.confirm(one.id, OFFICE, None, stored.at)
    stored.advance(minutes=1)
    contact = people.get("C.A1")
    assert contact is not None
    assert contact.phone == "10000400009"
    sent = [m for m in stored.told(one.id) if m.template == "amendment_confirmed"]
    assert sorted(m.to for m in sent) == ["C.A1", "C.A2"]
    now = record.load(one.id)
    reached = [amendments.SERVICE.recipient(now, who) for who in ("C.A1", "C.A2")]
    assert [to.phone for to in reached if to] == ["10000400001", "10000400002"]
    assert {m.state for m in stored.told(one.id)} == {"sent"}


def test_it_takes_effect_on_its_day_and_not_before(stored: World) -> None:
    load(stored, changed("contractors", account="000000000002"))
    one = only()
    since = date(2026, 3, 5)
    amending.confirm(one.id, OFFICE, since, stored.at)
    stored.advance(days=2)
    company = contracts.company("C")
    assert company is not None
    assert company.account == "000000000001"
    stored.advance(days=1)  # past midnight of the 5th in Shanghai
    company = contracts.company("C")
    assert company is not None
    assert company.account == "000000000002"
    applied = record.load(one.id).events[-1]
    assert (applied.kind, applied.at.isoformat()) == ("applied", "2026-03-04T16:00:00+00:00")


def test_a_day_that_is_over_or_too_far_is_refused(stored: World) -> None:
    load(stored, changed("contractors", account="000000000002"))
    one = only()
    for days in (-1, 400):
        with pytest.raises(Invalid, match="out_of_range"):
            amending.confirm(one.id, OFFICE, (stored.at + timedelta(days=days)).date(), stored.at)
    with pytest.raises(NotAllowed):
        amending.confirm(one.id, Actor("s1", Role.SUPERVISOR), None, stored.at)


def test_loading_the_same_again_makes_no_second_amendment_and_another_value_replaces_it(stored: World) -> None:
    rows = changed("contractors", account="000000000002")
    first = load(stored, rows).waiting
    stored.advance(hours=1)
    assert load(stored, rows).waiting == first
    assert record_ids() == first
    second = load(stored, changed("contractors", account="000000000003")).waiting
    assert record_ids() == second != first
    superseded = record.load(first[0]).events[-1]
    assert (superseded.kind, superseded.data) == ("rejected", {"cause": "superseded"})


def test_what_is_rejected_never_holds_and_may_be_entered_again(stored: World) -> None:
    rows = changed("contractors", account="000000000002")
    load(stored, rows)
    one = only()
    amending.reject(one.id, OFFICE, "电话核实，非本单位所为", stored.at)
    with pytest.raises(IllegalMove):
        amending.confirm(one.id, OFFICE, None, stored.at)
    stored.advance(days=1)
    company = contracts.company("C")
    assert company is not None
    assert company.account == "000000000001"
    assert load(stored, rows).waiting != [one.id]


def test_what_is_no_longer_as_it_was_is_not_overwritten(stored: World) -> None:
    load(stored, changed("contractors", account="000000000002"), "li")
    mine = only()
    amending.confirm(mine.id, OFFICE, date(2026, 3, 5), stored.at)
    load(stored, changed("contractors", email="new@c.example"), "wang")
    other = next(one for one in amending.waiting() if one.id != mine.id)
    amending.confirm(other.id, OFFICE, None, stored.at)
    stored.advance(days=4)
    assert record.load(mine.id).state == "overtaken"
    assert ("amendment_overtaken", "o1") in told(stored, mine)
    company = contracts.company("C")
    assert company is not None
    assert (company.account, company.email) == ("000000000001", "new@c.example")


def test_rows_and_event_are_written_together_or_not_at_all(stored: World, monkeypatch: pytest.MonkeyPatch) -> None:
    load(stored, changed("contractors", account="000000000002"))
    one = only()
    amending.confirm(one.id, OFFICE, None, stored.at)
    real, cut = stored.table.transact, []

    def once(writes, token=""):  # type: ignore[no-untyped-def]
        if not cut and any(isinstance(w, Put) and w.row["sk"] == "COMPANY" for w in writes):
            cut.append(True)
            raise Conflict([3], len(writes))
        return real(writes, token)

    monkeypatch.setattr(stored.table, "transact", once)
    stored.pump()
    try:
        stored.advance(minutes=1)
    except Conflict:
        company = contracts.company("C")
        assert company is not None
        assert company.account == "000000000001"
        assert record.load(one.id).state == "confirmed"
        stored.advance(minutes=10)
        stored.sweep()
    assert cut
    assert record.load(one.id).state == "applied"


def test_an_amendment_is_opened_by_the_office_that_answers_for_it_alone(stored: World) -> None:
    load(stored, changed("contractors", account="000000000002"))
    one = only()
    stored.employ("o2", "S2/office")
    assert amendments.actor_on(access.staff_grant("o1", "S1/office", 1), one).role is Role.OFFICE
    for who, team in (("o2", "S2/office"), ("s1", "S1/desk2"), ("C.A1", "C/contractor"), ("C.W1", "C/workers")):
        with pytest.raises(NoAccess):
            amendments.actor_on(access.staff_grant(who, team, 1), one)


def test_many_people_of_a_company_change_in_amendments_that_fit_into_a_transaction(stored: World) -> None:
    rows = sheets()
    for n in range(23):
        rows["company_people"].append(rows["company_people"][0] | {"code": f"B{n}", "phone": f"100-0041-{n:04d}"})
    waiting = load(stored, rows).waiting
    assert len(waiting) == 3
    for one in waiting:
        amending.confirm(one, OFFICE, None, stored.at)
    stored.advance(minutes=1)
    assert {record.load(one).state for one in waiting} == {"applied"}
    company = contracts.company("C")
    assert company is not None
    assert len(company.contacts) == 25


def test_nothing_personal_stands_among_the_facts(stored: World) -> None:
    load(stored, changed("company_people", 0, phone="100-0040-0009", name="测试新人"))
    facts = only().events[0].data
    assert all(word not in str(facts) for word in ("1000040", "测试", "example"))
    assert only().id.startswith(f"{PREFIX}#")


def test_an_office_finds_what_waits_at_it_with_each_field_that_changes(stored: World) -> None:
    rows = changed("clauses", cap="2万元", term="8年")
    rows["company_people"][0]["phone"] = "100-0040-0009"
    load(stored, rows)
    found = {one.subject: one.differences() for one in amending.at_office("S1/office")}
    assert amending.at_office("S2/office") == []
    clause = [(d.where, d.of, d.field, d.old, d.new) for d in found["contract"]]
    assert clause == [
        ("clauses", "1", "cap", 1_000_000, 2_000_000),
        ("clauses", "1", "term", [60, ""], [96, ""]),
    ]
    person = [(d.where, d.of, d.field, d.old, d.new) for d in found["company"]]
    assert person == [("company_people", "C.A1", "phone", "10000400001", "10000400009")]
