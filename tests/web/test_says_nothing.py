"""A report without words whose photos turn out to be none: whoever has it is told to ask, and so is the reporter."""

from __future__ import annotations

import pytest
from chalice.test import Client

from chalicelib.adapters.ids import ulid
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access
from chalicelib.store import grants, originals
from tests.world import STAFF, World

ASK = "请致电问清是什么问题"
WRITE = "您的照片无法读取"


def reported(world: World, words: str = "", photos: int = 1, refused: int = 1) -> Ticket:
    """A report of some photos, the first of which are no pictures."""
    uploads = [ulid(world.at, n.to_bytes(10, "big")) for n in range(photos)]
    ticket = world.report(words, photos=uploads)
    for upload in uploads[:refused]:
        originals.refuse(ticket.id, upload)
    world.pump()
    return world.load(ticket)


def pages(browser: Client, ticket: Ticket) -> tuple[str, str, str]:
    """What the reporter sees, who has it, and the desk."""
    one, desk = access.ticket_grant(ticket.id, ticket.holder, ticket.desk), access.staff_grant("d1", "P1/desk", 1)
    for grant in (one, desk):
        grants.put(grant, access.hash_of(access.token(grant)))
    paths = (
        f"/o/{access.token(access.own_grant(ticket.id))}",
        f"/t/{access.token(one)}",
        f"/d/{access.token(desk)}/{ticket.id}",
    )
    shown = [browser.http.get(path) for path in paths]
    assert [answer.status_code for answer in shown] == [200, 200, 200]
    own, staff, at_desk = (str(answer.body.decode()) for answer in shown)
    return own, staff, at_desk


def test_a_report_that_says_nothing_is_somebodys_to_ask_about(world: World, browser: Client) -> None:
    ticket = reported(world)
    assert ticket.holder in STAFF
    own, staff, at_desk = pages(browser, ticket)
    assert WRITE in own
    assert ASK in staff
    assert ASK in at_desk
    world.advance(minutes=31)
    assert "response:due" in world.load(ticket).recorded, "a promise runs until somebody has phoned"


def test_once_the_reporter_has_written_it_says_something(world: World, browser: Client) -> None:
    ticket = world.do(reported(world), "note", "reporter", said={"words": "厨房水管漏水"})
    own, staff, at_desk = pages(browser, world.load(ticket))
    assert WRITE not in own
    assert ASK not in staff + at_desk


@pytest.mark.parametrize(("words", "photos", "refused"), [("漏水", 1, 1), ("", 2, 1), ("", 1, 0)])
def test_words_or_one_picture_say_something(
    world: World, browser: Client, words: str, photos: int, refused: int
) -> None:
    own, staff, at_desk = pages(browser, reported(world, words, photos, refused))
    assert WRITE not in own
    assert ASK not in staff + at_desk
