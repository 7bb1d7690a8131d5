"""Photos as they were taken: a picture that another ticket has is shown to desk and office, originals to the office."""

from __future__ import annotations

import pytest
from chalice.test import Client

from chalicelib.adapters import originals as vault
from chalicelib.adapters.ids import ulid
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access
from chalicelib.store import grants, originals
from tests.promised import CONTRACT, promise
from tests.web.test_liable import get, own, staff
from tests.world import World

HASH, PICTURE = "a1" * 32, "b2" * 32
TOO = "也出现在其他工单中"


def twice(world: World) -> tuple[Ticket, Ticket]:
    """Two tickets that were sent the same picture, one after the other."""
    promise(world, CONTRACT)
    made = []
    for n in range(2):
        upload = ulid(world.at, n.to_bytes(10, "big"))
        ticket = world.report("卫生间漏水", category="water_leak", component="bathroom", photos=[upload])
        originals.note(ticket.id, ticket.number, upload, HASH, PICTURE, world.at)
        world.pump()
        made.append(world.load(ticket))
    return made[0], made[1]


def desk(ticket: Ticket) -> str:
    grant = access.staff_grant("d1", "P1/desk", 1)
    grants.put(grant, access.hash_of(access.token(grant)))
    return f"/d/{access.token(grant)}/{ticket.id}"


def test_desk_and_office_read_which_ticket_has_the_same_picture_and_others_do_not(
    world: World, browser: Client
) -> None:
    first, second = twice(world)
    number = f"{first.number[:4]}-{first.number[4:8]}-{first.number[8:]}"
    for page in (desk(second), f"{staff('o1', 'S1/office')}/{second.id}"):
        shown = get(browser, page)
        assert TOO in shown
        assert number in shown
    for page in (desk(first), own(second), f"{staff(second.holder)}/{second.id}"):
        assert TOO not in get(browser, page)


def test_the_office_alone_reads_the_hash_and_fetches_the_original(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "presigned_get", lambda key: f"https://objects.example/{key}")
    _, second = twice(world)
    office = f"{staff('o1', 'S1/office')}/{second.id}"
    assert HASH in get(browser, office)
    answer = browser.http.get(f"{office}/photo/0?taken=1")
    assert answer.status_code == 303
    assert vault.key_of(second.id, second.said("reported")["photos"][0][1:]) in answer.headers["Location"]
    for page in (desk(second), f"{staff(second.holder)}/{second.id}"):
        assert HASH not in get(browser, page)
        assert browser.http.get(f"{page}/photo/0?taken=1").status_code in (403, 404)
    assert browser.http.get(f"{office}/photo/9?taken=1").status_code == 404
