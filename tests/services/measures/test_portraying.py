"""What a month looks like is made with its figures: where promises broke, its worst tickets; the same again alike."""

from __future__ import annotations

import json

from chalicelib.domain.measures.portrait import Portrait, joined, packed, portraits
from chalicelib.services.measures import rolling
from chalicelib.services.measures.portraying import Portraits
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.store import facts, measures
from chalicelib.store.portraits import screen
from chalicelib.web.manager.view import contractors
from tests.domain.samples import SIGNED
from tests.services.measures.test_rolling import lived
from tests.world import World

MONTHS = ["2026-03", "2026-02"]


def rated(world: World, words: str, stars: int = 2) -> str:
    """A repair whose owner writes something with the stars."""
    ticket = world.report(phone="19911112222")
    world.pump()
    for minutes, move in ((5, "acknowledge"), (30, "arrive"), (90, "complete")):
        world.advance(minutes=minutes)
        world.do(ticket, move)
    scores = dict.fromkeys(("overall", "speed", "thoroughness", "manners"), stars)
    said = {"signature": SIGNED, "words": words}
    world.do(ticket, "sign_off", "reporter", said, scores=scores)
    world.advance(hours=2)
    world.do(ticket, "follow_up", "d1", fixed=True)
    world.pump()
    return ticket.id


def test_the_worst_ticket_comes_first_and_each_scope_has_its_own(world: World) -> None:
    lived(world, 5)
    bad = lived(world, 1)
    rolling.roll("2026-03", world.at)
    for scope in ("project#P1", "subsidiary#S1", "group"):
        found = screen(scope, MONTHS)
        assert [month.month for month in found.months] == ["2026-03"]
        assert found.portrait.worst[0].ticket == bad.id
        assert found.portrait.worst[0].stars == 1
        assert [words.stars for words in found.portrait.words] == [1, 5]
    assert screen("project#P2", MONTHS).portrait.worst == []


def test_where_promises_broke_is_counted_by_clock_place_and_hour(world: World) -> None:
    lived(world, 4)
    rolling.roll("2026-03", world.at)
    month, _ = facts.of_month("P1", "2026-03")
    judged = [run for run in month[-1].clocks if run.verdict in ("kept", "late")]
    made = portraits(month, policy_for(NOWHERE).zone, ["project#P1", "group"])
    counted = sum(cell[1] for of in made["group"].breaks.values() for cells in of.values() for cell in cells)
    assert counted == len(judged)
    assert {place for of in made["group"].breaks.values() for place in of} == {"S1"}
    assert {place for of in made["project#P1"].breaks.values() for place in of} == {"B1"}


def test_joined_in_any_order_it_is_the_same(world: World) -> None:
    lived(world, 1)
    lived(world, 3)
    month, _ = facts.of_month("P1", "2026-03")
    names = sorted({fact.ticket for fact in month})
    halves = [[fact for fact in month if fact.ticket == name] for name in names]
    bodies = []
    for first, second in (halves, halves[::-1]):
        one = portraits(first, "Asia/Shanghai", ["group"])["group"]
        joined(one, portraits(second, "Asia/Shanghai", ["group"])["group"])
        bodies.append(json.dumps(packed(one)))
    assert bodies[0] == bodies[1]
    assert bodies[0] == json.dumps(packed(portraits(month, "Asia/Shanghai", ["group"])["group"]))


def test_nothing_personal_is_in_it(world: World) -> None:
    ticket = lived(world, 1)
    rolling.roll("2026-03", world.at)
    said = ticket.said("reported")
    kept = json.dumps(
        [dict(row) for pk, rows in world.table.parts.items() if pk.startswith("PORTRAIT#") for row in rows.values()],
        ensure_ascii=False,
    )
    for personal in (said["phone"], said["words"], said.get("name") or "19911112222"):
        assert personal not in kept


def test_who_worked_there_is_measured_by_the_flats_it_has_in_warranty_in_all_projects_of_the_scope(
    world: World,
) -> None:
    look = Portraits("2026-03", policy_for(NOWHERE).zone)
    for flats in ({"C1": 300, "C9": 40}, {"C1": 200}):  # a project without tickets counts its flats too
        look.warranted("group", flats)
    worked = Portrait(contractors={"C1": [6, 2], "C2": [9, 0]})
    look.join({"group": packed(worked)})
    for row in look.rows().values():
        measures.put(row)
    [first, second] = contractors(screen("group", MONTHS).portrait, {"C1": "防水公司"})
    assert (first["name"], first["tickets"], first["flats"], first["rate"]) == ("防水公司", 6, 500, "12.0")
    assert (second["name"], second["flats"], second["rate"]) == ("C2", 0, "")
