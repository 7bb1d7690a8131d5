"""A person's quarter: computed and entered, decided with an explanation, objected to and answered, then final."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from chalicelib.domain.measures.facts import fact_of
from chalicelib.domain.measures.period import months_of, quarter_before
from chalicelib.domain.measures.scoring import Score
from chalicelib.domain.policy.scores import terms_of
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.record.roles import manages
from chalicelib.services.access import access
from chalicelib.services.measures import scoring
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.store import facts
from tests.world import World

AFTER = datetime(2026, 4, 6, 1, tzinfo=UTC)
WHY = {"words": "按抽查和评价评定"}


def completed(world: World, many: int, who: str = "e1", **more: Any) -> None:
    """So many repairs completed by somebody in the first quarter, each with five stars."""
    ticket = world.report("漏水")
    made = fact_of(world.load(ticket), policy_for(ticket.place), "closed")
    usual: dict[str, Any] = {"did": {"completed": who}, "held": (who,), "scores": {"overall": 5}, "verified": True}
    for n in range(many):
        at = datetime(2026, 1 + n % 3, 10, tzinfo=UTC) + timedelta(seconds=n)
        one = replace(made, ticket=f"{ticket.id[:-3]}{n:03}", counts=at, at=at, **{**usual, **more})
        facts.add(one, f"{at:%Y-%m}")


def managed(world: World) -> None:
    for who, team in (("m1", "P1/manager"), ("m2", "S1/manager2"), ("m9", "group/management"), ("mx", "P2/manager")):
        world.employ(who, team)


def begun(world: World, many: int = 30, **more: Any) -> Score:
    managed(world)
    completed(world, many, **more)
    world.at = AFTER
    scoring.score_all(world.at)
    return load()


def load(who: str = "e1") -> Score:
    found: Score = record.load(scoring.named(who, "2026Q1"), consistent=True)
    return found


def do(world: World, move: str, who: str, said: Any = WHY, key: str = "", **data: Any) -> Score:
    """`of`: what the page showed, which is how it stands unless it is given."""
    one = load()
    data = {"of": one.made_of} | data if move == "publish" else data
    moved: Score = record.perform(Command(move, world.actor(who), data, said, key), one.id, world.at)
    return moved


def gathered(world: World) -> Score:
    """Everything that people enter is entered."""
    one = begun(world)
    for ticket in one.sample:
        do(world, "check", "s1", ticket=ticket, points=90)
    do(world, "rate", "e2", stars=5)
    do(world, "rate", "s1", stars=4)
    return do(world, "take", "m1", count=2)


def published(world: World, adjust: int = 0) -> Score:
    gathered(world)
    return do(world, "publish", "m1", adjust=adjust)


def test_a_quarter_is_the_last_one_that_is_over() -> None:
    assert quarter_before(AFTER.date()) == "2026Q1"
    assert quarter_before(date(2026, 1, 5)) == "2025Q4"
    assert months_of("2026Q1") == ("2026-01", "2026-02", "2026-03")


def test_after_a_quarter_each_person_with_tickets_has_a_score_begun_once(world: World) -> None:
    one = begun(world)
    assert (one.state, len(one.rows), len(one.sample), one.team) == ("gathering", 30, 5, "P1/engineering")
    again = scoring.score_all(world.at + timedelta(days=1))
    assert (again.begun, again.failed) == (0, 0)
    assert load().version == one.version
    with pytest.raises(record.NotFound):
        load("e2")


@pytest.mark.parametrize("at", [datetime(2026, 4, 4, 1, tzinfo=UTC), datetime(2026, 5, 6, 1, tzinfo=UTC)])
def test_it_is_made_in_the_month_after_the_quarter_from_the_policys_day_on(world: World, at: datetime) -> None:
    completed(world, 30)
    world.at = at
    assert scoring.score_all(world.at).begun == 0


def test_below_the_policys_cases_there_is_no_score(world: World) -> None:
    one = begun(world, 29)
    assert (one.state, one.is_open, one.awarded) == ("thin", False, {})
    with pytest.raises(IllegalMove):
        do(world, "publish", "m1", adjust=0)


def test_stars_of_phones_nobody_vouches_for_make_no_case(world: World) -> None:
    assert begun(world, 40, verified=False).state == "thin"


def test_it_is_published_with_an_explanation_once_every_part_has_something_to_go_by(world: World) -> None:
    begun(world)
    with pytest.raises(IllegalMove, match="part_missing"):
        do(world, "publish", "m1", adjust=0)
    gathered(world)
    with pytest.raises(Invalid):
        do(world, "publish", "m1", {}, adjust=0)
    one = do(world, "publish", "m1", adjust=-2)
    # satisfaction 100, efficiency 100, quality 90, teamwork (100 + 80) / 2, improvement 50; less two
    assert Fraction(one.awarded["points"]) == Fraction(30 * 100 + 25 * 100 + 20 * 90 + 15 * 90 + 10 * 50, 100) - 2
    assert one.awarded["record"] == ""  # no consultation on record: a figure alone
    world.pump()
    assert [(m.template, m.to) for m in world.told(one.id)] == [("score_published", "e1")]


def test_what_was_said_after_the_page_was_read_is_not_decided_unseen(world: World) -> None:
    seen = gathered(world).made_of
    do(world, "rate", "s1", stars=1)
    with pytest.raises(IllegalMove, match="changed_meanwhile"):
        do(world, "publish", "m1", adjust=0, of=seen)
    with pytest.raises(IllegalMove, match="changed_meanwhile"):
        do(world, "publish", "m1", adjust=0, of=None)
    world.advance(days=40)  # a reminder changes no points
    assert load().version > load().made_of
    assert do(world, "publish", "m1", adjust=0).state == "published"


def test_an_objection_goes_to_nobody_who_decided_wherever_they_work(world: World) -> None:
    gathered(world)
    world.employ("m1", "P1/manager", active=False)
    world.employ("m4", "S1/manager2")
    do(world, "publish", "m2", adjust=0)
    do(world, "object", "e1")
    world.pump()
    assert [m.to for m in world.told(load().id) if m.template == "score_objected"] == ["m4"]


def test_nobody_says_it_of_themselves_and_nobody_else_objects(world: World) -> None:
    one = begun(world)
    with pytest.raises(NotAllowed, match="not_oneself"):
        do(world, "rate", "e1", stars=5)
    with pytest.raises(Invalid):
        do(world, "check", "s1", ticket="T-of-somebody-else", points=100)
    for stars in (0, 6, "5", None, True):
        with pytest.raises(Invalid):
            do(world, "rate", "e2", stars=stars)
    published(world)
    with pytest.raises(NotAllowed):
        do(world, "object", "e2")
    assert one.is_open


@pytest.mark.parametrize("adjust", [6, -6, 1.5, "1", None, True])
def test_the_deciding_person_differs_by_the_policys_points_at_most(world: World, adjust: Any) -> None:
    gathered(world)
    with pytest.raises(Invalid):
        do(world, "publish", "m1", adjust=adjust)


def test_unobjected_it_is_final_and_later_numbers_change_nothing_of_it(world: World) -> None:
    one = published(world)
    world.advance(days=11)
    done = load()
    assert (done.state, done.awarded) == ("final", one.awarded)
    with pytest.raises(IllegalMove):
        do(world, "object", "e1")


def test_an_objection_is_answered_by_somebody_else_before_it_is_final(world: World) -> None:
    published(world)
    do(world, "object", "e1", {"words": "有两单是配件没到"})
    world.pump()
    assert ("score_objected", "m2") in {(m.template, m.to) for m in world.told(load().id)}
    world.advance(days=11)
    assert load().state == "objected"  # never final by silence
    assert ("score_late", "m2") in {(m.template, m.to) for m in world.told(load().id)}
    with pytest.raises(NotAllowed, match="not_who_decided"):
        do(world, "answer", "m1", adjust=1)
    before = Fraction(load().awarded["points"])
    one = do(world, "answer", "m2", adjust=3)
    assert (one.state, Fraction(one.awarded["points"])) == ("final", before + 3)
    world.pump()
    assert ("score_answered", "e1") in {(m.template, m.to) for m in world.told(one.id)}


def left(world: World, *who: str) -> None:
    for one in who:
        world.employ(one, world.employed[one], active=False)


def telling(world: World, template: str) -> list[str]:
    return [m.to for m in world.told(load().id) if m.template == template]


def opens(who: str, team: str) -> bool:
    try:
        return scoring.actor_on(access.staff_grant(who, team, 1), load()).id == who
    except access.NoAccess:
        return False


def test_an_objection_that_nobody_is_left_to_answer_goes_to_the_group_and_is_answered_there(world: World) -> None:
    published(world)
    left(world, "m1", "m2")
    assert not opens("m9", "group/management"), "nothing has come to it yet"
    do(world, "object", "e1")
    world.pump()
    assert telling(world, "score_objected") == ["m9"]
    assert opens("m9", "group/management")
    one = do(world, "answer", "m9", adjust=1)
    assert one.state == "final"
    world.pump()
    assert telling(world, "score_answered") == ["e1"]
    assert opens("m9", "group/management"), "who answered reads what they said"


def test_unanswered_it_climbs_to_the_subsidiary_and_as_long_again_later_to_the_group(world: World) -> None:
    published(world)
    do(world, "object", "e1")
    world.advance(days=11)
    assert (telling(world, "score_late"), opens("m9", "group/management")) == (["m2"], False)
    world.advance(days=10)
    assert set(telling(world, "score_late")) == {"m2", "m9"}
    assert opens("m9", "group/management")
    assert not opens("mx", "P2/manager")
    assert do(world, "answer", "m9", adjust=0).state == "final"


def test_a_level_where_only_who_decided_works_leaves_it_to_the_other(world: World) -> None:
    gathered(world)
    do(world, "publish", "m2", adjust=0)
    left(world, "m1")
    do(world, "object", "e1")
    world.advance(days=11)
    assert set(telling(world, "score_objected") + telling(world, "score_late")) == {"m9"}


def test_answered_by_nobody_there_is_no_score_the_person_hears_it_and_it_rests(world: World) -> None:
    published(world)
    left(world, "m1", "m2", "m9")
    do(world, "object", "e1")
    world.advance(days=29)
    assert load().state == "objected"
    world.advance(days=2)
    one = load()
    assert (one.state, one.is_open, one.awarded) == ("unanswered", False, {})
    assert telling(world, "score_unanswered") == ["e1"]
    with pytest.raises(IllegalMove):
        do(world, "answer", "m9", adjust=0)
    world.advance(days=60)
    assert load().version == one.version, "nobody is reminded of what has ended"


def test_undecided_there_is_no_score(world: World) -> None:
    begun(world)
    world.advance(days=46)
    assert load().state == "lapsed"


def test_an_objection_sent_twice_is_one(world: World) -> None:
    published(world)
    for _ in range(2):
        one = do(world, "object", "e1", {"words": "不对"}, key="k" * 26)
    assert [e.kind for e in one.events].count("objected") == 1


def test_only_the_employers_management_sees_it_beside_the_person(world: World) -> None:
    one = begun(world)
    reaches = {
        "e1": "P1/engineering",
        "e2": "P1/engineering",
        "m1": "P1/manager",
        "m2": "S1/manager2",
        "s1": "S1/desk2",
    }
    for who, team in reaches.items():
        assert scoring.actor_on(access.staff_grant(who, team, 1), one).id == who
    strangers = {
        "b1": "P1/building",
        "d1": "P1/desk",
        "h1": "group/hotline",
        "m9": "group/management",
        "mx": "P2/manager",
    }
    for who, team in strangers.items():
        with pytest.raises(access.NoAccess):
            scoring.actor_on(access.staff_grant(who, team, 1), one)


def test_managers_manage_their_own_places() -> None:
    place = {"project": "P1", "subsidiary": "S1"}
    assert [manages(t, place) for t in ("P1/manager", "S1/manager2", "group/management")] == [True] * 3
    assert [manages(t, place) for t in ("P2/manager", "S2/manager2", "P1/desk", "P1/manager2", "")] == [False] * 5


def test_no_word_and_no_name_lies_with_the_figures(world: World) -> None:
    published(world)
    kept = [str(row) for pk in world.table.parts if pk == load().id for row in world.table.parts[pk].values()]
    facts_alone = [row for row in kept if "PRIVATE#" not in row]
    assert not any("按抽查" in row or "测试" in row or "1990000" in row for row in facts_alone)
    assert terms_of(policy_for({})).within["object"] == timedelta(days=10)
