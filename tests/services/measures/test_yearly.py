"""A person's year: begun once its quarters have ended; decided, objected to, answered and final like one."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest

from chalicelib.domain.measures.scoring import Score
from chalicelib.domain.policy.scores import terms_of
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove, NotAllowed
from chalicelib.domain.record.event import SYSTEM, Event
from chalicelib.functions.reconcile import reconcile
from chalicelib.services.measures import scoring, yearly
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.store import places
from tests.services.measures.test_scoring import managed
from tests.world import World

MARCH = datetime(2026, 3, 2, 1, tzinfo=UTC)
WHY = {"words": "四个季度平均"}
ROW = ["T1", "leak", 5, True, 1, 0, False, False]


def quarter(world: World, name: str, points: str = "", *, n: int = 30, ends: str = "final", **more: str) -> None:
    """A quarter of e1 as it ended (`ends`: "" for still open), by its events."""
    project = places.get(more.get("project", "P1"))
    assert project
    facts = {"person": "e1", "team": f"{project.id}/engineering", "quarter": name, "place": project.as_fact()}
    facts |= {"rows": [ROW] * n, "sample": []}
    awarded = {"points": points, "coefficient": "1.000", "record": ""}
    told: list[tuple[str, dict[str, Any]]] = [("gathering", facts)]
    told += [("published", {"adjust": 0, "awarded": awarded})] if points else []
    told += [(ends, {})] if ends else []
    made = [Event(kind, world.at, SYSTEM.id, SYSTEM.role, data, channel="system") for kind, data in told]
    record.begin(scoring.named("e1", name), made)


def begun(world: World, *points: str, n: int = 30) -> Score:
    """A year of so many quarters; "" for one that lapsed."""
    managed(world)
    world.at = MARCH
    for number, value in enumerate(points, 1):
        quarter(world, f"2025Q{number}", value, n=n, ends="final" if value else "lapsed")
    yearly.score_all(world.at)
    return load()


def load() -> Score:
    found: Score = record.load(scoring.named("e1", "2025"), consistent=True)
    return found


def do(world: World, move: str, who: str, **data: Any) -> Score:
    one = load()
    data = {"of": one.made_of} | data if move == "publish" else data
    moved: Score = record.perform(Command(move, world.actor(who), data, WHY), one.id, world.at)
    return moved


def test_it_is_the_mean_of_the_quarters_that_have_a_score_decided_and_explained_by_a_person(world: World) -> None:
    one = begun(world, "80", "", "90", "271/3")
    assert (one.state, one.team, [q.points for q in one.quarters]) == (
        "gathering",
        "P1/engineering",
        ["80", "", "90", "271/3"],
    )
    one = do(world, "publish", "m1", adjust=2)
    assert Fraction(one.awarded["points"]) == (80 + 90 + Fraction(271, 3)) / 3 + 2
    world.pump()
    assert ("score_published", "e1") in {(m.template, m.to) for m in world.told(one.id)}
    world.advance(days=11)
    assert load().state == "final"


@pytest.mark.parametrize(("points", "coefficient"), [("10", "0.800"), ("100", "1.176"), ("85", "1.000")])
def test_its_coefficient_has_the_quarters_formula_floor_and_cap(world: World, points: str, coefficient: str) -> None:
    begun(world, points, points)
    assert terms_of(policy_for({})).floor < 1
    assert do(world, "publish", "m1", adjust=0).awarded["coefficient"] == coefficient


def test_it_is_objected_to_and_answered_by_somebody_else_as_a_quarter_is(world: World) -> None:
    begun(world, "80", "90")
    do(world, "publish", "m1", adjust=0)
    do(world, "object", "e1")
    world.pump()
    assert ("score_objected", "m2") in {(m.template, m.to) for m in world.told(load().id)}
    with pytest.raises(NotAllowed, match="not_who_decided"):
        do(world, "answer", "m1", adjust=1)
    one = do(world, "answer", "m2", adjust=1)
    assert (one.state, Fraction(one.awarded["points"])) == ("final", 86)


def test_below_the_policys_cases_in_all_its_scored_quarters_there_is_none(world: World) -> None:
    assert begun(world, "80", "90", n=14).state == "thin"


def test_a_year_in_which_no_quarter_has_a_score_has_none(world: World) -> None:
    one = begun(world, "", "")
    assert (one.state, one.is_open) == ("thin", False)


def test_it_waits_for_its_last_quarter_and_is_begun_once(world: World) -> None:
    world.at = MARCH
    quarter(world, "2025Q3", "80")
    quarter(world, "2025Q4", "90", ends="")
    assert yearly.score_all(world.at).begun == 0
    world.advance(days=11)  # nobody objected
    assert yearly.score_all(world.at).begun == 1
    assert (yearly.score_all(world.at).begun, load().version) == (0, 1)


@pytest.mark.parametrize(("month", "year"), [(1, ""), (2, "2025"), (6, "2025"), (7, "")])
def test_it_is_made_when_no_quarter_of_it_can_begin_any_more(world: World, month: int, year: str) -> None:
    assert yearly.due(policy_for({}), datetime(2026, month, 20, tzinfo=UTC)) == year


def test_quarters_at_another_employer_are_nobodys_here(world: World) -> None:
    world.at = MARCH
    quarter(world, "2025Q1", "60", project="P2")
    quarter(world, "2025Q2", "90")
    yearly.score_all(world.at)
    assert [q.quarter for q in load().quarters] == ["2025Q2"]


def test_nobody_enters_parts_of_a_year(world: World) -> None:
    begun(world, "80", "90")
    for move, who, data in (("rate", "e2", {"stars": 5}), ("take", "m1", {"count": 1})):
        with pytest.raises(IllegalMove):
            do(world, move, who, **data)


def test_the_night_makes_it_by_itself(world: World) -> None:
    world.at = MARCH
    quarter(world, "2025Q4", "90")
    assert reconcile({}, None)["more"] is False
    assert load().state == "gathering"
