"""What was written a moment ago counts, though an eventually consistent read does not show it yet."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.record.errors import Refused
from chalicelib.services.access import access, codes, opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.record import record
from chalicelib.store import tickets
from chalicelib.store.table import Page
from tests.world import World

STAFF = frozenset({"ticket"})


@pytest.fixture
def late(world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`late()`: from now on, a read that is not consistent shows what stands in the table now and nothing newer."""
    get, query = world.table.get, world.table.query
    kept: dict[Any, Any] = {}

    def freeze() -> None:
        kept.update({pk: dict(rows) for pk, rows in world.table.parts.items()})

        def old_get(pk: str, sk: str, *, consistent: bool = False) -> Any:
            return get(pk, sk) if consistent else kept.get(pk, {}).get(sk)

        def old_query(pk: str, low: str = "", high: str = "~", *, consistent: bool = False, **more: Any) -> Page:
            found = query(pk, low, high, **more)
            if consistent:
                return found
            was = kept.get(pk, {})
            return Page([was[row["sk"]] for row in found.rows if row["sk"] in was], found.next)

        monkeypatch.setattr(world.table, "get", old_get)
        monkeypatch.setattr(world.table, "query", old_query)

    return freeze


def test_a_link_opens_at_once(world: World, late: Any) -> None:
    late()
    ticket = world.report()
    opened = opening.open_ticket(access.token(access.own_grant(ticket.id)), frozenset({"own"}))
    assert opened.ticket.id == ticket.id


def test_a_number_is_found_at_once(world: World, late: Any) -> None:
    late()
    ticket = world.report()
    assert tickets.by_number(ticket.number) == ticket.id


def test_a_code_opens_at_once(world: World, late: Any) -> None:
    own = access.own_grant(world.report(phone="19900007777").id)
    late()
    codes.keep("19900007777", "123456", own, world.at)
    assert codes.redeem("19900007777", "123456", "192.0.2.1", world.at) == own


def test_who_was_given_the_ticket_a_moment_ago_sees_it_and_may_move_it(world: World, late: Any) -> None:
    ticket = world.report()
    late()
    world.pump()
    holder = world.load(ticket).holder
    link = access.token(access.ticket_grant(ticket.id, holder))
    assert opening.open_ticket(link, STAFF).actor.id == holder
    assert opening.move(link, STAFF, "acknowledge", world.at).state.value == "acknowledged"


def test_what_is_refused_by_what_stands_there_stays_refused(world: World) -> None:
    ticket = world.report()
    world.pump()
    with pytest.raises(NoAccess):
        opening.open_ticket(access.token(access.ticket_grant(ticket.id, "b9")), STAFF)
    with pytest.raises(record.NotFound):
        record.load("01KJP0Y9M00000000000000000")
    with pytest.raises(Refused):
        world.do(ticket, "sign_off")
