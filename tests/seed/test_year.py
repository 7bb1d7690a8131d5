"""The demo's year shows what it says it shows, at every level, and loads again without changing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import cache

import pytest

from chalicelib.adapters import exports
from chalicelib.domain.measures.facts import Fact
from chalicelib.domain.register.stages import STAGES
from chalicelib.services.loading import loading
from chalicelib.services.measures import gaming, reading
from chalicelib.services.money import watching
from chalicelib.services.record import numbers, record
from chalicelib.store import standings, table, watched
from chalicelib.store.facts import SQUEEZED, as_put, read
from chalicelib.store.memory import MemoryTable
from infra.seed import year
from infra.seed.demo import demo
from infra.seed.lives import CONTRACTORS, GAMES
from tests.bench.rollup import write_units
from tests.demo import Held

MORNING = datetime.fromisoformat("2026-03-02T09:00:00+08:00")


@pytest.fixture(scope="module", autouse=True)
def loaded() -> Iterator[MemoryTable]:
    made = MemoryTable()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(year, "now", lambda: MORNING)
        patch.setattr(exports, "enqueue_standing", lambda month: None)
        patch.setattr(year, "stated", cache(lambda stated=year.stated: tuple(stated())))
        table.use(made)
        numbers.forget()
        loading.load_book(Held(demo()), MORNING)
        assert year.main() == 0
        yield made
    table.use(None)
    numbers.forget()


@pytest.fixture(scope="module")
def facts() -> list[Fact]:
    return [one.last for one in year.stated()]


def test_the_group_has_twelve_months_of_figures_on_enough_cases() -> None:
    months = reading.months_of("group", "2026-02")
    assert [one.month for one in months] == list(reversed(list(year.months())))
    for scope in ("group", "subsidiary#BJ", "subsidiary#HD", "project#YS", "project#FL", "project#LW"):
        assert all(one.figures["response_kept"].d >= 30 for one in reading.months_of(scope, "2026-02"))
    assert [one.month for one in gaming.beside("group", "2026-02")] == [one.month for one in months]


def test_subsidiaries_have_points_of_every_whole_month() -> None:
    for month in list(year.months())[:-1]:
        stood = standings.of_month(("BJ", "HD"), month)
        assert len(stood) == 2
        assert all(one.points and one.rank for one in stood)


def test_it_rains_in_summer_and_heating_fails_in_winter(facts: list[Fact]) -> None:
    leaks = Counter(fact.reported.month for fact in facts if fact.category == "water_leak")
    heating = Counter(fact.reported.month for fact in facts if fact.category == "heating_cooling")
    assert leaks[7] + leaks[8] > 3 * (leaks[1] + leaks[2])
    assert heating[12] + heating[1] > 3 * (heating[4] + heating[5])


def test_no_fact_is_longer_than_a_write_unit_and_each_is_read_as_it_was(facts: list[Fact]) -> None:
    """The longest are of lives with two rounds, whose bodies are deflated."""
    rows = [as_put(fact, "2026-02").row for fact in facts]
    assert {write_units(row) for row in rows} == {1}
    assert {str(row["body"])[0] for row in rows} == {"{", SQUEEZED}
    assert read(rows) == facts


def test_flats_are_counted_by_how_long_their_owners_have_had_them() -> None:
    stages = {stage for month in year.months() for stage in reading.parts("group", month) if stage.startswith("stage#")}
    assert stages == {f"stage#{name}" for name in STAGES}
    moved_in = reading.parts("project#FL", "2026-02")
    assert [group for group in moved_in if group.startswith("stage#")] == ["stage#first_year"]


def test_two_contractors_are_bad(facts: list[Fact]) -> None:
    for company in CONTRACTORS:
        theirs = [fact for fact in facts if fact.team == f"{company}/workers" and fact.scores]
        assert {one.month for one in reading.months_of(f"contractor#{company}", "2026-02")} == set(year.months())
        others = [fact for fact in facts if fact.team.endswith("/building") and fact.scores]
        assert _stars(theirs) < _stars(others) - 1
        assert _again(theirs) > _again(others)


def _stars(facts: list[Fact]) -> float:
    return sum(fact.scores["overall"] for fact in facts) / len(facts)


def _again(facts: list[Fact]) -> float:
    return sum(fact.rounds > 0 for fact in facts) / len(facts)


def test_the_team_that_games_has_good_figures_and_is_listed_for_the_auditor_alone_of_all_teams() -> None:
    [games] = reading.months_of(f"team#{GAMES}", "2026-02", 1)
    [honest] = reading.months_of("team#YS/engineering", "2026-02", 1)
    for measure in ("satisfaction", "response_kept"):
        mine, theirs = games.figures[measure], honest.figures[measure]
        assert mine.n * theirs.d > theirs.n * mine.d
    hits, _ = watching.hits("group")
    found = Counter(hit.parties[0] for rule in gaming.gaming.SIGNS for hit in hits.get(rule, ()))
    assert {who for who in found if "/" in who} == {GAMES}
    assert found[GAMES] >= 6
    assert all(who.startswith("FL-E") for who in found if "/" not in who)


def test_behind_the_worst_are_tickets_that_open(facts: list[Fact]) -> None:
    whole = year.worst(year.stated())
    assert 300 < len(whole) < 700
    for one in whole[::40]:
        ticket = record.load(one.made.id)
        assert not ticket.is_open
        assert ticket.said("reported")["words"]
        assert record.load(one.made.id).number == ticket.number
    quick = [hit for hit in watching.hits("group")[0]["quick"] if hit.parties == (GAMES,)]
    there = {one.made.id for one in whole}
    assert len(there & quick[0].tickets.keys()) >= 5


def test_every_ticket_of_a_finding_opens() -> None:
    found, _ = watched.found(watched.GROUP)
    named = {ticket for hits in found.values() for hit in hits for ticket in hit.tickets}
    assert len(named) > 20
    for ticket in sorted(named):
        assert record.load(ticket).id == ticket


def test_nobody_is_told_of_it_and_nothing_is_woken(loaded: MemoryTable) -> None:
    rows = [row for part in loaded.parts.values() for row in part.values()]
    assert not [row for row in rows if row.get("tell") or row.get("act")]
    assert not [row for row in rows if row["pk"].startswith("TICKET#") and "due" in row]


def test_loading_it_again_changes_nothing(loaded: MemoryTable, capsys: pytest.CaptureFixture[str]) -> None:
    before = {pk: {sk: dict(row) for sk, row in part.items()} for pk, part in loaded.parts.items()}
    assert year.main() == 0
    assert "already" in capsys.readouterr().out
    assert before == loaded.parts
    assert year.write_tickets(year.worst(year.stated())) == 0
    year.write_facts(list(year.stated()))
    assert before == loaded.parts
