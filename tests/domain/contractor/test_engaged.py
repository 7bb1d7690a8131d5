"""A third party's record among the jobs of its subsidiary: prices, acceptance, delay, concentration, clerks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.domain.contractor.engaged import Clerk, Job, over, record_of
from tests.domain.contractor.cases import MONDAY, Told


def job(company: str = "T1", by: str = "o1", **more: Any) -> Job:
    facts: dict[str, Any] = {"route": "ladder", "price": 100, "basis": "framework", "accepted": True}
    return Job("CASE#1", company, by=by, at=MONDAY, **{**facts, **more})


def test_a_company_s_part_is_of_all_jobs_and_of_their_cost() -> None:
    found = record_of("T1", [job(), job(price=200), job("T2", price=700)])
    assert (found.jobs, found.cost, found.part, found.part_of_cost) == (2, 300, 67, 30)


def test_prices_that_are_not_the_frameworks_are_counted_apart() -> None:
    found = record_of("T1", [job(), job(basis="quotes"), job(basis="quote")])
    assert (found.framework, found.quotes) == (1, 2)


def test_what_was_given_up_is_neither_accepted_nor_paid() -> None:
    found = record_of("T1", [job(), job(given_up=True, accepted=False)])
    assert (found.jobs, found.given_up, found.accepted, found.cost) == (2, 1, 1, 100)


def test_a_clerk_s_share_of_stops_of_damage_is_of_all_that_he_gave_to_anybody() -> None:
    stop = job(route="stop_of_damage")
    found = record_of("T1", [stop, stop, job("T2"), job(by="o2"), job("T2", by="o3")])
    assert found.clerks == (Clerk("o1", 3, 2), Clerk("o2", 1, 0))
    assert [one.share for one in found.clerks] == [67, 0]


def test_nothing_is_a_share_of_nothing() -> None:
    assert record_of("T1", []).part == 0


def test_a_job_that_ended_after_its_appointment_was_late_and_one_that_ended_in_time_was_not() -> None:
    def done(after: timedelta) -> Job:
        told = Told().engaged()
        start = told.at + timedelta(days=1)
        told.then("appoint", "o1", start=start.isoformat(), end=(start + timedelta(hours=4)).isoformat())
        told.then("hear_done", after=after, ticket="T1", by="third_party", person="t1")
        assert told.case.job
        return over(told.case, told.case.job)

    assert not done(timedelta(days=1)).late
    assert done(timedelta(days=2)).late
