"""What the auditor is shown: each rule finds its pattern with the tickets behind it, and nothing beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.money import watch
from chalicelib.domain.money.watch import CONTRACTOR, STAFF, THIRD, Engaged, Party, Seen
from chalicelib.domain.policy.watch import Marks

AT = datetime(2026, 3, 2, tzinfo=UTC)
MARKS = Marks()
LIMIT = 5_000_00


def job(n: int, by: str = "o1", third: str = "T1", fen: int = 1_000_00, days: int = 0, **more: Any) -> Engaged:
    return Engaged(
        f"J{n}", by, more.pop("company", "C1"), third, fen, AT + timedelta(days=days), **more, tickets={f"t{n}": f"{n}"}
    )


def party(kind: str, name: str, *keys: tuple[str, str]) -> Party:
    return Party(kind, name, frozenset(keys))


def test_a_phone_account_or_tax_number_that_third_party_contractor_or_staff_share_is_found_with_their_tickets() -> None:
    jobs = [job(1), job(2, third="T9", company="C9", by="o9")]
    for what in ("phone", "account", "tax_number"):
        for other in (party(CONTRACTOR, "C1", (what, "x")), party(STAFF, "o1", (what, "x"))):
            [hit] = watch.shared([party(THIRD, "T1", (what, "x"), ("phone", "y")), other], jobs)
            assert set(hit.parties) == {"T1", other.id}
            assert (hit.figures["what"], hit.tickets) == (what, {"t1": "1"})
    assert watch.shared([party(THIRD, "T1", ("account", "x")), party(THIRD, "T2", ("account", "x"))], jobs)


def test_colleagues_may_share_a_phone_and_one_party_its_own() -> None:
    assert watch.shared([party(STAFF, "o1", ("phone", "x")), party(STAFF, "o2", ("phone", "x"))], []) == []
    assert watch.shared([party(THIRD, "T1", ("phone", "x")), party(THIRD, "T1", ("phone", "x"))], []) == []
    assert watch.shared([party(THIRD, "T1", ("phone", "x")), party(STAFF, "o1", ("tax_number", "x"))], []) == []


def test_a_person_whose_engagements_go_to_one_third_party_is_shown_from_a_share_and_a_number_on() -> None:
    jobs = [*(job(n) for n in range(3)), job(3, third="T2"), job(4, third="T3")]
    [hit] = watch.concentrated(jobs, MARKS)
    assert (hit.parties, hit.figures["percent"], set(hit.tickets)) == (("o1", "T1"), 60, {"t0", "t1", "t2"})
    assert watch.concentrated(jobs[:4], MARKS) == []  # too few to say
    assert watch.concentrated([*jobs[1:], job(5, third="T2")], MARKS) == []


def test_who_pays_a_third_party_more_than_others_do_is_shown() -> None:
    jobs = [job(1, fen=1_300_00), job(2, fen=1_300_00), job(3, by="o2"), job(4, by="o3")]
    [hit] = watch.dearer(jobs, MARKS)
    assert (hit.parties, hit.figures["percent"], set(hit.tickets)) == (("o1", "T1"), 130, {"t1", "t2"})
    assert watch.dearer([*jobs[:2], jobs[2]], MARKS) == []
    assert watch.dearer([job(1, fen=1_299_00), job(2, fen=1_299_00), *jobs[2:]], MARKS) == []


def test_amounts_below_the_limit_that_exceed_it_together_within_thirty_days_are_shown() -> None:
    jobs = [job(1, fen=2_500_00), job(2, fen=2_500_00, days=20), job(3, fen=1_00, days=30)]
    [hit] = watch.split(jobs, LIMIT, MARKS)
    assert (hit.parties, hit.figures["fen"], set(hit.tickets)) == (("o1", "C1", "T1"), 5_001_00, {"t1", "t2", "t3"})
    assert watch.split(jobs[:2], LIMIT, MARKS) == []  # the limit itself
    assert watch.split([jobs[0], job(2, fen=2_501_00, days=31)], LIMIT, MARKS) == []
    assert watch.split([jobs[0], job(2, fen=2_501_00, third="T2")], LIMIT, MARKS) == []
    assert watch.split([job(1, fen=LIMIT + 1)], LIMIT, MARKS) == []  # above it: others approve


def test_stops_of_damage_are_counted_by_who_called_them_so() -> None:
    jobs = [*(job(n, stop=True) for n in range(3)), job(3), job(4, by="o2", stop=True)]
    [hit] = watch.stops(jobs, MARKS)
    assert (hit.parties, hit.figures, set(hit.tickets)) == (
        ("o1",),
        {"jobs": 3, "of": 4, "percent": 75},
        {"t0", "t1", "t2"},
    )


def test_a_picture_on_two_tickets_is_shown_with_both() -> None:
    [hit] = watch.photo([Seen("a" * 64, {"t1": "1", "t2": "2"}), Seen("a" * 64, {"t3": "3"}), Seen("b", {"t1": "1"})])
    assert (hit.rule, set(hit.tickets)) == ("photo", {"t1", "t2", "t3"})


def test_all_rules_run_and_the_largest_stands_first() -> None:
    jobs = [job(n, stop=True, fen=2_000_00) for n in range(5)]
    found = watch.hits([], jobs, [], LIMIT, MARKS)
    assert tuple(found) == watch.RULES
    assert [rule for rule, those in found.items() if those] == ["concentrated", "split", "stops"]
