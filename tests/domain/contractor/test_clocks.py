"""The contract's times: from a letter's arrival, to the end of a day, on working days where the clause counts them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from chalicelib.domain.contractor.clocks import next_moment, promises, works
from chalicelib.domain.contractor.lifecycle import MOVES
from chalicelib.domain.contractor.words import State, Terms
from chalicelib.domain.policy.ladder import ladder_of
from tests.domain.contractor.cases import DAY, HOUR, MONDAY, POLICY, Told

CHANGES_OF = {"letter_released", "letter_delivered"}


def local(at: datetime | None) -> str:
    assert at is not None
    return at.astimezone(POLICY.calendars["office"].zone).strftime("%m-%d %H:%M:%S")


def test_a_notice_goes_after_its_time_by_priority() -> None:
    assert Told().due("release") == MONDAY + HOUR
    assert Told(priority="emergency").due("release") == MONDAY + timedelta(minutes=10)


def test_a_cure_runs_to_the_end_of_its_last_day_and_the_day_of_arrival_is_not_counted() -> None:
    told = Told().noticed()  # Monday, 2 March
    assert local(told.due("cure")) == "03-09 23:59:59"
    assert told.due("reply") == told.at + DAY


def test_working_days_skip_weekends_and_holidays() -> None:
    told = Told(Terms(timedelta(hours=24), 5, business=True)).noticed()
    assert local(told.due("cure")) == "03-09 23:59:59"
    assert local(told.due("reply")) == "03-03 23:59:59"
    told = Told(Terms(timedelta(hours=24), 3, business=True))
    told.wait(timedelta(days=30))  # Wednesday, 1 April: the 4th to the 6th are Qingming
    told.noticed()
    assert local(told.due("cure")) == "04-07 23:59:59"


@pytest.mark.parametrize(("day", "at_work"), [("2026-03-02", True), ("2026-03-07", False), ("2026-04-06", False)])
def test_a_working_day_is_one_of_the_office(day: str, at_work: bool) -> None:
    assert works(POLICY)(date.fromisoformat(day)) is at_work


def test_deadlines_count_from_the_arrival_that_the_waybill_says() -> None:
    told = Told()
    number = told.letter("notice")
    arrived = told.at + HOUR
    told.wait(3 * DAY)
    told.then(
        "prove_delivery",
        "o1",
        letter=number,
        how="ems_signed",
        at=arrived.isoformat(),
        waybill="EE123456785CN",
        contents=number,
    )
    assert local(told.due("cure")) == "03-09 23:59:59"


def test_a_letter_that_nobody_confirms_climbs_from_the_contact_above_to_the_developer_desk() -> None:
    told = Told()
    told.letter("notice")
    told.wait(5 * DAY)
    levels = [e.data["level"] for e in told.case.events if e.kind == "escalated" and e.data["clock"] == "delivery"]
    assert levels == [1, 2, 3]


def test_a_visit_stops_the_time_to_answer_and_never_the_cure() -> None:
    told = Told().noticed()
    told.then("hear_visit", ticket="T1", by="house", person="b1")
    assert told.due("reply") is not None
    told.then("hear_visit", ticket="T1", by="contractor", person="C1.w1")
    assert told.due("reply") is None
    assert told.due("cure") is not None


def test_a_confirmed_letter_stops_the_clock_of_its_delivery_and_the_next_one_has_its_own() -> None:
    told = Told().noticed()
    assert told.due("delivery") is None
    told.wait(9 * DAY)
    told.letter("reminder")
    assert told.due("delivery") == told.at + DAY


def test_the_last_deadline_begins_when_the_reminder_arrives() -> None:
    told = Told().noticed()
    told.wait(9 * DAY)
    told.arrives(told.letter("reminder"))
    assert local(told.due("last")) == "03-14 23:59:59"
    assert not told.wait(2 * DAY).expired
    assert told.wait(3 * DAY).expired
    assert told.due("gate") is not None


def test_nothing_is_ahead_of_a_case_that_is_over() -> None:
    told = Told().noticed().found(share=0)
    assert next_moment(told.case, POLICY, told.at) is None
    assert not [p for p in promises(told.case, POLICY) if p.running]


def test_every_word_of_the_table_of_clocks_is_something_that_happens() -> None:
    from chalicelib.domain.contractor.changes import CHANGES, SILENT

    more = {"all_delivered", "price_asked", "stop_engaged", "stop_invoiced", "third_accepted"}
    for name, row in ladder_of(POLICY).clocks.items():
        for word in row.starts | row.stops | row.pauses | row.goes_on:
            kind, _, letter = word.partition(":")
            assert kind in {*CHANGES, *SILENT, *more}, f"{name}: {word}"
            assert not letter or letter in {"notice", "reminder", "third_party_notice", "third_party", "contractor"}


def test_every_row_of_the_table_of_messages_is_of_an_event_that_there_is() -> None:
    from chalicelib.domain.contractor.changes import CHANGES, SILENT

    assert set(ladder_of(POLICY).tellings) <= {*CHANGES, *SILENT}


def test_every_state_is_led_to() -> None:
    assert {state for move in MOVES.values() for state in move.states} == set(State)


def termed(told: Told, **more: object) -> None:
    """The case's ticket comes to another clause or priority."""
    facts = {"clause": told.case.clause, "priority": told.case.priority.value, "terms": told.case.terms.stored()}
    told.then("hear_terms", **{**facts, **more})


def test_another_clause_counts_from_the_arrival_where_it_gives_more_time() -> None:
    told = Told().noticed()  # Monday, 2 March
    arrived = told.at
    told.wait(2 * DAY)
    termed(told, clause="8.1", terms=Terms(timedelta(hours=72), 15).stored())
    assert (told.case.clause, told.case.terms.cure_days) == ("8.1", 15)
    assert local(told.due("cure")) == "03-17 23:59:59"
    first = next(one for one in promises(told.case, POLICY) if one.name == "cure")
    assert local(first.clock.first_due) == "03-09 23:59:59"  # what the letter gave stays on record
    assert told.due("reply") is None or told.due("reply") == arrived + 3 * DAY


def test_a_shorter_time_is_over_no_earlier_than_if_it_began_with_the_change() -> None:
    told = Told().noticed()
    told.wait(2 * DAY)  # Wednesday, 4 March
    termed(told, priority="emergency", terms=Terms(timedelta(hours=2), 3).stored())
    assert local(told.due("cure")) == "03-07 23:59:59"
    termed(told, clause="8.1", terms=Terms(timedelta(hours=2), 5).stored())
    assert local(told.due("cure")) == "03-07 23:59:59"  # five days from the arrival: what is longer counts from there
    told = Told(Terms(timedelta(hours=24), 4)).noticed()
    told.wait(3 * DAY)
    termed(told, terms=Terms(timedelta(hours=24), 3).stored())
    assert local(told.due("cure")) == "03-06 23:59:59"  # never later than it was


def test_the_notice_of_what_became_an_emergency_goes_after_an_emergencys_time() -> None:
    told = Told()
    termed(told, priority="emergency")
    assert told.due("release") == MONDAY + timedelta(minutes=10)


def test_an_old_clause_bound_what_stopped_under_it() -> None:
    told = Told().noticed()
    told.then("acknowledge", "k1", authorised=True)
    before = next(one for one in promises(told.case, POLICY) if one.name == "reply").clock
    termed(told, clause="8.1", terms=Terms(timedelta(hours=1), 15).stored())
    assert next(one for one in promises(told.case, POLICY) if one.name == "reply").clock == before


def test_terms_that_are_the_same_say_nothing() -> None:
    told = Told().noticed()
    before = told.case.version
    termed(told)
    assert told.case.version == before
