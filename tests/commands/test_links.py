"""The links that a demo prints: one per role, each of which opens."""

from __future__ import annotations

from chalicelib.commands import links
from chalicelib.domain.record.roles import ROLES
from chalicelib.domain.ticket.ticket import Role
from chalicelib.services.access import opening
from tests.world import World


def test_there_is_a_link_for_every_role_and_each_opens(world: World) -> None:
    made = links.links()
    assert set(made["work"]) == {"technician", "desk", "supervisor", "hotline"}
    for role, link in made["work"].items():
        front, _, token = link.rpartition(ROLES[Role(role)].home)
        assert front.startswith("http")
        opening.open_staff(token, frozenset({Role(role)}))
    token = made["desk"].rpartition("/d/")[2]
    assert opening.open_staff(token, frozenset({Role.DESK})).holder == "d1"


def test_who_has_a_desk_is_led_to_it_and_not_to_an_empty_list(world: World) -> None:
    work = links.links()["work"]
    where = {role: link.rpartition("/")[0].rpartition("/")[2] for role, link in work.items()}
    assert where == {"technician": "w", "desk": "d", "supervisor": "d", "hotline": "d"}


def test_asking_again_gives_the_same_links(world: World) -> None:
    assert links.links() == links.links()


def test_nobody_who_left_gets_a_link(world: World) -> None:
    for who in ("e1", "e2"):
        world.employ(who, "P1/engineering", active=False)
    token = links.links()["work"]["technician"].rpartition("/w/")[2]
    assert opening.open_staff(token, frozenset({Role.TECHNICIAN})).holder == "e3"


def test_a_link_opens_the_list_of_somebody_who_has_something_in_it(world: World) -> None:
    world.report()
    world.pump()
    [ticket] = [key for key in world.table.parts if key.startswith("TICKET#")]
    token = links.links()["work"]["technician"].rpartition("/w/")[2]
    holder = world.load(ticket.removeprefix("TICKET#")).holder
    assert holder.startswith("b")
    assert opening.open_staff(token, frozenset({Role.TECHNICIAN})).holder == holder


def test_a_manager_of_each_level_has_a_link(world: World) -> None:
    for who, team in (("m1", "P1/manager"), ("m2", "S1/manager2"), ("m9", "group/management")):
        world.employ(who, team)
    found = links.managers()
    assert set(found) == {"project", "subsidiary", "group"}
    assert all("/g/" in address for address in found.values())
    assert len(set(found.values())) == 3
