"""What would betray a score is counted beside it every night, and whoever stands out is listed with the tickets."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.functions.reconcile import reconcile
from chalicelib.services.measures import gaming
from chalicelib.services.money import watching
from chalicelib.store import facts
from infra.seed.lives import GAMES
from tests.domain.measures.test_gaming import quarter
from tests.services.measures.test_rolling import lived
from tests.world import World

MORNING = datetime.fromisoformat("2026-03-01T09:00:00+08:00")


def stated() -> None:
    """The demo's last quarter, as facts of the world's projects: that of the team that games is P2, of S2."""
    for fact in quarter():
        project, subsidiary = ("P2", "S2") if fact.place["project"] == "FL" else ("P1", "S1")
        place = {**fact.place, "project": project, "subsidiary": subsidiary}
        facts.add(replace(fact, place=place), f"{fact.counts.astimezone(MORNING.tzinfo):%Y-%m}")


def test_the_auditor_is_shown_who_games_with_the_tickets(world: World) -> None:
    stated()
    counted = gaming.look(MORNING)
    hits, at = watching.hits("group")
    teams = {sign for sign, found in hits.items() for hit in found if hit.parties == (GAMES,)}
    assert teams == {"quick", "lowered", "waited", "unphotographed", "unchecked", "merged", "device", "wall"}
    assert all(hit.tickets for found in hits.values() for hit in found)
    assert counted["group"] == counted["S2"] > 0
    assert counted["S1"] == 0, "a subsidiary's auditor sees its own"
    assert at == "2026-03-01T01:00:00Z"


def test_looking_again_finds_the_same(world: World) -> None:
    stated()
    gaming.look(MORNING)
    first = watching.hits("group")
    gaming.look(MORNING)
    assert watching.hits("group") == first


def test_signs_stand_beside_the_figures_of_every_scope_of_the_month(world: World) -> None:
    stated()
    gaming.look(MORNING)
    february = [f for f in quarter() if f"{f.counts.astimezone(MORNING.tzinfo):%Y-%m}" == "2026-02"]
    theirs = [fact for fact in february if fact.team == GAMES]
    [team] = gaming.beside(f"team#{GAMES}", "2026-02")
    assert (team.signs["quick"].n, team.signs["quick"].d) == (
        sum(fact.quick > 0 for fact in theirs),
        sum("contacted" in fact.did for fact in theirs),
    )
    [group] = gaming.beside("group", "2026-12")
    assert group.signs["lowered"].d == sum(fact.kind in ("repair", "emergency") for fact in february)
    assert gaming.beside("person#FL-E1", "2026-02")[0].month == "2026-02"
    assert gaming.beside("project#P9", "2026-02") == []


def test_the_tickets_have_their_own_numbers_and_the_night_looks_by_itself(world: World) -> None:
    ticket = lived(world, 5)
    for fact in facts.of_month("P1", "2026-03")[0]:
        did = {**fact.did, "contacted": "e1"}
        facts.add(replace(fact, n=fact.n + 1, quick=1, team=GAMES, did=did), "2026-03")
    head = world.table.parts[f"TICKET#{ticket.id}"]["HEAD"]
    head["line"] = head["line"].replace(ticket.number, "123456789")  # another had the one that follows from its id
    stated()
    assert reconcile({}, None)["more"] is False
    listed = [hit.tickets[ticket.id] for hit in watching.hits("group")[0]["quick"] if ticket.id in hit.tickets]
    assert set(listed) == {"123456789"}
