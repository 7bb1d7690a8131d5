"""An amendment's life, cut off once before and after every effect that any process has: what it changes changes whole.

Loading, the messages, the second person's word and the day on which it holds: whatever is cut is run again. Then the
rows are all of the old or all of the new state, one event says so, and every contact was told once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from chalicelib.domain.contractor.amendment import Amendment
from chalicelib.domain.record.errors import IllegalMove
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role
from chalicelib.services.access import access
from chalicelib.services.contractor import amending
from chalicelib.services.record import record
from chalicelib.store import contracts, grants, people
from tests.model.crashes import CUT, UNNOTED, Cut, Scissors, settle, told, until
from tests.services.contractor.test_amending import load, sheets
from tests.world import World
from tests.world import world as fresh_world

MOST = 400
OFFICE = Actor("o1", Role.OFFICE, "grant")
SINCE = date(2026, 3, 4)


def again(does: Callable[[], object]) -> None:
    """Do it, and once more where it was cut off."""
    try:
        does()
    except Cut:
        does()


def confirm(world: World, amendment: str) -> None:
    """The second person's word; said again, it may be in already."""
    with suppress(IllegalMove):
        amending.confirm(amendment, OFFICE, SINCE, world.at)


def life(world: World, scissors: Scissors, cut_after: int) -> tuple[str, str]:
    """A new account, a contact with another phone, one who leaves. (the amendment, where a process was cut off)"""
    world.employ("o1", "S1/office")
    load(world, sheets())
    until(world, 0.1)
    rows = sheets()
    rows["contractors"][0]["account"] = "000000000002"
    rows["company_people"][0]["phone"] = "100-0040-0009"
    rows["company_people"][1]["active"] = "否"
    scissors.left, scissors.what = cut_after, CUT
    again(lambda: load(world, rows))
    (waiting,) = amending.waiting()
    again(lambda: confirm(world, waiting.id))
    until(world, 72)
    scissors.left = None
    where = scissors.cut_at
    settle(world)
    return waiting.id, where


def check(world: World, amendment: str, where: str) -> None:
    one: Amendment = record.load(amendment, consistent=True)
    assert [event.kind for event in one.events] == ["proposed", "confirmed", "applied"], where
    assert amending.waiting() == [], where
    company = contracts.company("C")
    assert company is not None
    assert (company.account, [contact.id for contact in company.contacts]) == ("000000000002", ["C.A1"]), where
    assert (contracts.sharing("account", "000000000001"), contracts.sharing("account", "000000000002")) == ([], ["C"])
    stays, gone = people.get("C.A1"), people.get("C.A2")
    assert stays is not None
    assert gone is not None
    assert (stays.phone, stays.person.active, gone.person.active) == ("10000400009", True, False), where
    tokens = [access.token(access.staff_grant(person, "C/contractor", 1)) for person in ("C.A1", "C.A2")]
    assert [grants.get(access.hash_of(token)) is not None for token in tokens] == [True, False], where
    found = told(world, amendment)
    assert Counter((m.to, m.template) for m in found) == Counter(
        [(who, f"amendment_{what}") for who in ("C.A1", "C.A2") for what in ("proposed", "confirmed")]
        + [("o1", "amendment_waits")]
    ), where
    assert {m.state for m in found} == {"sent"}, where
    extra = sum(of == amendment for of, _ in world.delivered) - len(found)
    assert extra == 0 or (extra == 1 and where in UNNOTED), where


def test_an_amendment_is_whole_wherever_a_process_is_cut_off() -> None:
    places: set[str] = set()
    where = ""
    for cut_after in range(MOST):
        with fresh_world() as world:
            world.sends = world.send_really
            amendment, where = life(world, Scissors(world, lambda who: None), cut_after)
            check(world, amendment, where)
        if not where:
            break
        places.add(where)
    assert not where, "a life has more effects than were tried"
    assert {"before table.transact", "after table.transact", "after states.start_execution"} <= places
