"""A month's sample is drawn once, asked by link or by a desk, and whatever comes of it counts; silence shows too."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.measures.facts import fact_of
from chalicelib.domain.measures.survey import SCORES, Survey
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.services import staffed
from chalicelib.services.access import access, opening
from chalicelib.services.measures import drawing, rolling, surveying
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.store import facts, measures, phones, places, surveys
from chalicelib.store.places import Place, Registered, Resident
from chalicelib.store.table import Put
from tests.world import World

STARS = dict.fromkeys(SCORES, 5)
SEVERAL = "19911110000"  # stands for more flats than anybody has


def settle(world: World, handover: str = "2025-06-01") -> None:
    """Ten flats in their first year, an owner in each; four of them give one phone."""
    for n in range(1, 11):
        unit = f"F{n:02}"
        above = {"subsidiary": "S1", "project": "P1", "building": "B1", "entrance": "E1"}
        place = Place(unit, "unit", unit, "E1", f"一期 1栋 {unit}", above, {"handover": handover}, unit)
        phone = SEVERAL if n > 6 else f"1991111{n:04}"
        person = Resident(f"R{n:02}", unit, "owner", "业主", phone)
        hashed = access.hidden("phone", phone)
        for row in [*places.put_place(place), *places.put_household(unit, [Registered(person, hashed)])]:
            world.table.write(Put(row))
    for parent, child in (("P1", "building#B1#B1"), ("B1", "entrance#E1#E1")):
        world.table.write(Put({"pk": f"CHILDREN#{parent}", "sk": child, "id": child[-2:], "body": child[-2:]}))


def all_of(world: World) -> list[Survey]:
    names = sorted(pk for pk in world.table.parts if pk.startswith("SURVEY#"))
    return [record.load(name, consistent=True) for name in names]


def drawn(world: World) -> list[Survey]:
    settle(world)
    drawing.draw_all(world.at)
    return all_of(world)


def do(world: World, one: Survey, move: str, who: str = "d1", said: Any = None, **data: Any) -> Survey:
    return record.perform(Command(move, world.actor(who), data, said or {}), one.id, world.at)


def answer(world: World, one: Survey, who: str = "reporter", **more: Any) -> Survey:
    name = "answer" if who == "reporter" else "reached"
    return do(world, one, name, who, **({"scores": STARS, "still": False} | more))


def one_more(world: World, verified: bool) -> Survey:
    """A survey drawn, and of such a phone."""
    settle(world)
    unit = "F01" if verified else "F07"
    who = places.phones_in([unit])[unit]
    surveys.add(surveys.Draw("P1", "2026-03", 10, 2, {unit: who}, {}))
    drawing.draw_all(world.at)
    [one] = all_of(world)
    world.advance(seconds=5)
    return record.load(one.id)


def test_a_fifth_of_the_owners_is_drawn_an_owner_of_several_flats_once(world: World) -> None:
    found = drawn(world)
    known = surveys.draw("P1", "2026-03")
    assert known
    assert (known.base, known.wanted, len(found), known.done) == (7, 2, 2, True)
    assert {one.place["unit"] for one in found} == set(known.flats)
    assert {one.stage for one in found} == {"first_year"}


def test_drawn_again_it_is_the_same_sample_and_the_same_surveys(world: World) -> None:
    before = {one.id for one in drawn(world)}
    again = drawing.draw_all(world.at + timedelta(days=1))
    assert (again.drawn, again.begun) == (0, 0)
    assert {one.id for one in all_of(world)} == before


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_draw_that_is_cut_off_goes_on_where_it_was_whoever_moved_in_meanwhile(world: World, after: int) -> None:
    settle(world)
    left = iter([True] * (after + 1))
    first = drawing.draw_all(world.at, lambda: next(left, False))
    assert first.more
    kept = surveys.draw("P1", "2026-03")
    for row in places.put_household("F01", []):
        world.table.write(Put(row))
    done = drawing.draw_all(world.at)
    assert surveys.draw("P1", "2026-03").flats == kept.flats  # type: ignore[union-attr]
    assert (first.begun + done.begun, len(all_of(world)), done.more) == (2, 2, False)


def test_a_flat_that_was_asked_is_not_asked_in_the_two_months_after(world: World) -> None:
    asked = {one.place["unit"] for one in drawn(world)}
    for month in (31, 61):
        drawing.draw_all(world.at + timedelta(days=month))
    seen = [set(surveys.draw("P1", month).flats) for month in ("2026-04", "2026-05")]  # type: ignore[union-attr]
    assert asked.isdisjoint(seen[0] | seen[1])
    assert seen[0].isdisjoint(seen[1])


@pytest.mark.parametrize(("state", "base"), [("closed", 1), ("waived", 1), ("cancelled", 0), ("merged", 0)])
def test_whoever_was_served_in_the_last_months_is_in_the_base(world: World, state: str, base: int) -> None:
    settle(world, handover="2019-01-01")
    ticket = world.report("厨房漏水", unit="F03", category="water_leak")
    fact = replace(fact_of(world.load(ticket), policy_for(ticket.place), "closed"), state=state)
    facts.add(fact, "2026-03")
    world.at += timedelta(days=31)
    drawing.draw_all(world.at)
    known = surveys.draw("P1", "2026-04")
    assert (known.base, set(known.flats)) == (base, {"F03"}) if known else not base


def test_nobody_hears_of_it_at_night(world: World) -> None:
    settle(world)
    world.at = world.at.replace(hour=19)  # three at night
    drawing.draw_all(world.at)
    world.pump()
    assert {one.state for one in all_of(world)} == {"drawn"}
    world.advance(hours=6)
    begun = [e.at.hour for one in all_of(world) for e in one.events if e.kind in ("asked", "calling")]
    assert begun == [0, 0]  # eight in the morning


def test_an_owner_answers_by_link_with_four_stars_and_one_question(world: World) -> None:
    one = one_more(world, verified=True)
    assert one.state == "asked"
    assert [(m.template, m.to) for m in world.told(one.id)] == [("survey_asked", "resident")]
    grant = access.token(surveying.own_grant(one.id))
    moved = opening.move(
        grant, frozenset({"survey"}), "answer", world.at, data={"scores": STARS, "still": False}, prefix="SURVEY"
    )
    assert (moved.state, moved.how) == ("answered", "link")
    counts = surveys.counts("P1", "2026-03")
    assert (counts.base, counts.drawn, counts.reached, counts.rated, counts.satisfied, counts.silent) == (
        10,
        1,
        1,
        1,
        1,
        0,
    )


@pytest.mark.parametrize("scores", [{}, {"overall": 5}, dict.fromkeys(SCORES, 0), dict.fromkeys(SCORES, "5"), None])
def test_all_four_stars_are_needed_and_the_question(world: World, scores: Any) -> None:
    one = one_more(world, verified=True)
    with pytest.raises(Invalid) as stars:
        answer(world, one, scores=scores)
    with pytest.raises(Invalid) as question:
        answer(world, one, still=None)
    assert (stars.value.field, question.value.field) == ("scores", "still")


def test_who_does_not_answer_is_reminded_once_and_then_called(world: World) -> None:
    one = one_more(world, verified=True)
    world.advance(days=3)
    assert [m.template for m in world.told(one.id)] == ["survey_asked", "survey_reminded"]
    world.advance(days=3)
    assert record.load(one.id).state == "calling"
    assert [call.id for call in surveying.calls("P1/desk")[0]] == [one.id]
    assert answer(world, one, "d1").how == "call"
    assert surveying.calls("P1/desk")[0] == []


def test_a_link_that_reaches_nobody_goes_to_the_desk_at_once(world: World) -> None:
    one = one_more(world, verified=True)
    record.perform(staffed.undelivered(world.told(one.id)[0]), one.id, world.at)
    world.advance(minutes=10)
    assert record.load(one.id).state == "calling"


def test_nobody_answering_three_times_is_not_reached_and_counts_as_non_response(world: World) -> None:
    one = one_more(world, verified=False)
    for state in ("calling", "calling", "unreached"):
        one = do(world, one, "not_reached", "s1")
        assert one.state == state
    counts = surveys.counts("P1", "2026-03")
    assert (counts.reached, counts.silent, counts.open) == (0, 1, 0)
    with pytest.raises(IllegalMove):
        answer(world, one, "s1")


def test_a_call_that_nobody_makes_lapses_and_shows_as_non_response(world: World) -> None:
    one = one_more(world, verified=False)
    world.advance(days=15)
    assert record.load(one.id).state == "lapsed"
    assert surveys.counts("P1", "2026-03").silent == 1


def test_a_phone_nobody_vouches_for_is_called_by_another_desk_and_its_stars_count_for_nothing(world: World) -> None:
    one = one_more(world, verified=False)
    assert (one.verified, one.state) == (False, "calling")
    assert surveying.calls("P1/desk")[0] == []
    assert [call.line.verified for call in surveying.calls("S1/desk2")[0]] == [False]
    staff = access.staff_grant("d1", "P1/desk", 1)
    with pytest.raises(access.NoAccess):
        surveying._actor_on(staff, one)
    answer(world, one, "s1")
    counts = surveys.counts("P1", "2026-03")
    assert (counts.reached, counts.answered, counts.rated, counts.satisfied) == (1, 1, 0, 0)


def test_a_phone_registered_after_the_work_was_reported_is_not_sure(world: World) -> None:
    settle(world)
    ticket = world.report("漏水", unit="F01")
    later = phones.unit_row(access.hidden("phone", "19911110001"), "F01", "R01", "2026-03-02T03:00:00Z")
    world.table.write(Put(later))
    surveys.add(surveys.Draw("P1", "2026-04", 10, 1, {"F01": ()}, {"F01": ticket.id}))
    world.at += timedelta(days=31)
    drawing.draw_all(world.at)
    assert [one.verified for one in all_of(world) if one.month == "2026-04"] == [False]


def test_what_is_still_not_right_stays_with_the_desk_until_it_says_what_was_done(world: World) -> None:
    one = one_more(world, verified=True)
    open_still = answer(world, one, still=True)
    assert (open_still.state, open_still.is_open) == ("left_open", True)
    world.pump()
    assert ("survey_left_open", "d1") in {(m.template, m.to) for m in world.told(one.id)}
    world.advance(days=4)
    assert ("survey_late", "s1") in {(m.template, m.to) for m in world.told(one.id)}
    with pytest.raises(Invalid):
        do(world, one, "settle", "d1")
    done = do(world, one, "settle", "d1", {"words": "已派单重修"})
    assert (done.state, done.is_open) == ("settled", False)
    counts = surveys.counts("P1", "2026-03")
    assert (counts.answered, counts.still) == (1, 1)


def test_who_was_called_back_is_a_figure_of_the_month_for_project_subsidiary_and_group(world: World) -> None:
    answer(world, one_more(world, verified=True))
    rolling.roll("2026-03", world.at)
    for scope in ("project#P1", "subsidiary#S1", "group"):
        month = measures.month(scope, "2026-03")
        assert month
        figure = month.figures["called_back"]
        assert (figure.n, figure.d) == (1, 10)
    assert measures.month("project#P2", "2026-03") is None


def test_nobody_but_the_owner_and_the_desks_speaks_for_an_owner(world: World) -> None:
    one = one_more(world, verified=False)
    for who in ("e1", "b1", "g1"):
        with pytest.raises(NotAllowed):
            do(world, one, "reached", who, scores=STARS, still=False)
    with pytest.raises(NotAllowed):
        do(world, one, "answer", "s1", scores=STARS, still=False)


def test_a_refusal_was_a_call_and_an_answer_sent_twice_is_one(world: World) -> None:
    one = one_more(world, verified=True)
    command = Command("answer", world.actor("reporter"), {"scores": STARS, "still": False}, key="k" * 26)
    for _ in range(2):
        one = record.perform(command, one.id, world.at)
    assert [e.kind for e in one.events].count("answered") == 1
