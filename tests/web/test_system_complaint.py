"""A complaint of the system says that it is one and of what, and the owner is not written to about its number."""

from __future__ import annotations

from chalice.test import Client

from chalicelib.domain.record.number import spoken
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access
from chalicelib.store import grants
from tests.world import STAFF, World


def climbed(world: World) -> tuple[Ticket, Ticket]:
    """A repair that nobody moved, and the complaint that this opened."""
    repair = world.report("卫生间漏水")
    world.pump()
    world.advance(days=3)
    repair = world.load(repair)
    assert repair.level == 3
    return repair, world.load(repair.linked[0])


def page(browser: Client, path: str) -> str:
    answer = browser.http.get(path)
    assert answer.status_code == 200
    return str(answer.body.decode())


def test_it_names_the_repair_and_why_on_the_desks_page(world: World, browser: Client) -> None:
    repair, complaint = climbed(world)
    assert (complaint.by_system, complaint.of) == (True, repair.number)
    grant = access.staff_grant("d1", STAFF["d1"][0], 1)
    grants.put(grant, access.hash_of(access.token(grant)))
    seen = page(browser, f"/d/{access.token(grant)}/{complaint.id}")
    assert "系统投诉" in seen
    assert f"关于{spoken(repair.number)}：" in seen
    assert "逾期后仍无人处理" in seen


def test_the_owner_hears_nothing_about_a_number_that_they_do_not_know(world: World) -> None:
    _, complaint = climbed(world)
    world.do(complaint, "relay", "d1", to="engineering")
    world.pump()
    for move in ("answer", "write_result"):
        world.do(complaint, move)
    world.advance(days=8)
    assert [m for m in world.told(complaint) if m.to == "reporter"] == []


def test_the_desk_is_asked_to_relay_it(world: World) -> None:
    _, complaint = climbed(world)
    assert "to_relay" in {m.template for m in world.told(complaint)}


def test_at_level_3_the_owner_still_reads_that_it_is_late_and_why(world: World, browser: Client) -> None:
    repair, _ = climbed(world)
    own = f"/o/{access.token(access.own_grant(repair.id))}"
    seen = page(browser, own)
    assert 'id="late"' in seen
    assert f'href="{own}/late"' in seen
    assert '/climb"' not in seen


def test_the_desk_is_asked_to_phone_once_its_result_is_written(world: World) -> None:
    _, complaint = climbed(world)
    for move, who in (("relay", "d1"), ("answer", ""), ("write_result", "")):
        world.do(complaint, move, who, **({"to": "engineering"} if who else {}))
    world.pump()
    asked = [m.to for m in world.told(complaint) if m.template == "ask_satisfaction"]
    assert len(asked) == 1
    assert asked[0] in {"d1", "d2"}
