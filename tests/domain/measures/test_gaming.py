"""Who stands out in what would betray a score is found by whole numbers, and whoever works honestly is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.measures import gaming
from chalicelib.domain.measures.facts import Fact, fact_of
from chalicelib.domain.measures.gaming import SIGNS, Counted, beside, last_of, outliers
from chalicelib.domain.policy.gaming import Marks, marks_of
from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.ticket.ticket import fold
from infra.seed.lives import GAMES, THEIR_DEVICE, lives
from tests.domain.happened import DAY, HOUR, MINUTE, POLICY, Life

MARKS = Marks()


@cache
def quarter() -> tuple[Fact, ...]:
    """What ended in the last three months of the demo's year."""
    told = [one for one in lives() if f"{one.events[-1].at:%Y-%m}" >= "2025-12"]
    return tuple(fact_of(fold(one.id, one.events), POLICY, "closed") for one in told)


def found(facts: tuple[Fact, ...]) -> dict[str, set[str]]:
    """Who → the signs in which they stand out."""
    who: dict[str, set[str]] = {}
    for sign, hits in outliers(facts, MARKS).items():
        for hit in hits:
            who.setdefault(hit.parties[0], set()).add(sign)
    return who


def test_the_team_that_games_is_found_by_every_sign_of_it_and_nobody_else_is():
    who = found(quarter())
    assert who[GAMES] == {*SIGNS} - {"silent"}
    assert {name.partition("-")[0].partition("/")[0] for name in who} == {"FL"}
    assert {name for name in who if "/" in name} == {GAMES}
    assert not [name for name in who if name.startswith("FL-B")], "nor do those beside them in the same project"


def test_without_that_team_nobody_is_found():
    assert found(tuple(fact for fact in quarter() if fact.team != GAMES)) == {}


def test_each_finding_has_its_figures_and_its_tickets_the_newest_first():
    [quick] = [hit for hit in outliers(quarter(), MARKS)["quick"] if hit.parties == (GAMES,)]
    theirs = [fact for fact in quarter() if fact.team == GAMES and "contacted" in fact.did]
    others = [fact for fact in quarter() if fact.team.endswith("/engineering") and fact not in theirs]
    assert quick.figures["n"] == sum(fact.quick > 0 for fact in theirs)
    assert quick.figures["of"] == len(theirs)
    assert quick.figures["others"] == sum(fact.quick > 0 for fact in others)
    assert list(quick.tickets) == sorted((f.ticket for f in theirs if f.quick), reverse=True)[: gaming.MOST_TICKETS]
    assert all(len(number) == 9 for number in quick.tickets.values())


def test_the_order_of_the_facts_and_what_they_replaced_change_nothing():
    facts = list(quarter())
    older = [replace(fact, n=fact.n - 1, photos=0, quick=0, lowered=9) for fact in facts[:200]]
    mixed = facts + older
    Random(1).shuffle(mixed)
    assert outliers(mixed, MARKS) == outliers(facts, MARKS)


@pytest.mark.parametrize(
    ("sign", "more"),
    [
        ("quick", {"quick": 2}),
        ("lowered", {"lowered": 1}),
        ("waited", {"waits": {"parts": (1, HOUR)}}),
        ("unphotographed", {"photos": 0}),
        ("merged", {"state": "merged"}),
        ("device", {"scores": {"overall": 5}, "device": "sabc"}),
    ],
)
def test_each_sign_counts_a_ticket_once_and_names_it(sign: str, more: dict[str, object]):
    life = Life().then("assigned", MINUTE).then("contacted", 9 * MINUTE).then("completed", HOUR, photos=2)
    fact = fact_of(life.then("closed", DAY).ticket, POLICY, "closed")
    scored = replace(fact, scores={"overall": 4}, device="abc")
    assert beside([scored])[sign].n == 0
    told = beside([scored, replace(scored, ticket="T2", **more)])[sign]
    assert (told.n, told.tickets) == (1, ("T2",))


def test_stars_of_many_flats_from_one_device_count_and_those_of_a_household_do_not():
    [fact] = [f for f in quarter() if f.scores][:1]
    flats = [replace(fact, ticket=f"T{n}", device="abc", place={"unit": f"U{n}"}) for n in range(4)]
    assert gaming.many_flats(flats[:3], MARKS) == frozenset()
    assert gaming.many_flats(flats, MARKS) == {"abc"}
    assert beside(flats, frozenset({"abc"}))["device"].n == 4
    assert gaming.many_flats(quarter(), MARKS) == {THEIR_DEVICE}


def test_what_stood_still_shows_beside_what_counted():
    life = Life().then("assigned", MINUTE).then("paused", HOUR).then("resumed", 3 * HOUR).then("completed", 4 * HOUR)
    fact = fact_of(life.then("closed", DAY).ticket, POLICY, "closed")
    assert beside([fact])["wall"] == Counted(4 * 3600, 2 * 3600, ("T1",))


def test_a_cancelled_complaint_or_snag_is_no_repair():
    assert last_of([fact_of(Life("complaint").then("cancelled", HOUR).ticket, POLICY, "closed")]) == []


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
def test_nobody_stands_out_on_few_cases_nor_below_the_others(a: int, b: int, c: int, d: int):
    one, others = Counted(min(a, b), max(a, b)), Counted(min(c, d), max(c, d))
    if gaming._more(one, others, MARKS):
        assert one.n >= MARKS.few
        assert one.d >= MARKS.least
        assert others.d >= MARKS.least
        assert one.n * others.d > others.n * one.d
        assert not gaming._more(others, one, MARKS)


def test_the_same_seed_tells_the_same_lives():
    first, again = list(lives())[:400], list(lives())[:400]
    assert first == again
    assert len({one.id for one in lives()}) == len(list(lives()))
    assert timedelta(0) < first[0].events[-1].at - first[0].events[0].at


@pytest.mark.parametrize("line", ["few = 0", "few = true", 'few = "8"', ""])
def test_a_mark_that_is_no_whole_number_is_refused_by_its_name(line: str):
    text = POLICY.measures.replace("few = 8", line)
    assert text != POLICY.measures
    with pytest.raises(PolicyError, match=r"measures\.toml: gaming\.few"):
        marks_of(replace(POLICY, measures=text))


def test_the_marks_that_ship_are_the_usual_ones_and_old_numbers_have_them_too():
    assert marks_of(POLICY) == Marks()
    assert marks_of(replace(POLICY, measures="")) == Marks()
