"""Links: derived, hashed, scoped, and dead at once when their holder is off the ticket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.adapters.settings import settings
from chalicelib.domain.ticket.routing import Person
from chalicelib.domain.ticket.ticket import Role, State, Ticket
from chalicelib.services.access import access
from chalicelib.services.access.access import NoAccess
from chalicelib.services.ticket import dispatch
from chalicelib.store import grants, people
from chalicelib.store import table as tables
from chalicelib.store.memory import MemoryTable
from chalicelib.store.people import Staff
from chalicelib.store.table import Put
from tests.world import World

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOME = {"project": "P1", "subsidiary": "S1", "unit": "U1"}


@pytest.fixture(autouse=True)
def table() -> Iterator[MemoryTable]:
    twin = MemoryTable()
    tables.use(twin)
    dispatch.forget()
    yield twin
    tables.use(None)
    dispatch.forget()


def ticket(**changes: object) -> Ticket:
    made = Ticket("T1", place=HOME, desk="P1/desk", holder="t1", team="P1/engineering")
    return replace(made, **changes)  # type: ignore[arg-type]


def employ(table: MemoryTable, who: str, team: str, active: bool = True) -> None:
    for row in people.rows_of(Staff(Person(who, who, team, frozenset(), {}, active=active), "19900000000", "")):
        table.write(Put(row))
    dispatch.forget()


def test_a_token_is_128_bits_and_can_be_derived_again():
    grant = access.own_grant("T1")
    assert access.token(grant) == access.token(grant)
    assert len(access.token(grant)) == access.TOKEN_LETTERS == 22
    assert access.token(grant) != access.token(access.own_grant("T2"))
    assert access.token(replace(grant, generation=2)) != access.token(grant)


def test_a_link_that_was_stored_years_ago_opens_the_same(table: MemoryTable):
    grant = access.own_grant("T1")
    row = {"pk": f"GRANT#{access.hash_of(access.token(grant))}", "sk": "GRANT", "id": grant.id}
    table.write(Put(row | {"body": '{"k":"own","h":"reporter","t":"T1","g":1}'}))
    assert access.open_link(access.token(grant)) == grant


@pytest.mark.parametrize("key", ["", "short"])
def test_without_a_key_no_link_is_derived(monkeypatch: pytest.MonkeyPatch, key: str):
    monkeypatch.setenv("GRANT_KEY", key)
    settings.cache_clear()
    with pytest.raises(RuntimeError, match="GRANT_KEY"):
        access.token(access.own_grant("T1"))
    monkeypatch.undo()
    settings.cache_clear()


def test_the_table_keeps_the_hash_and_not_the_token(table: MemoryTable):
    grant = access.own_grant("T1")
    token = access.token(grant)
    grants.put(grant, access.hash_of(token))
    assert token not in str(table.parts)
    assert access.open_link(token) == grant


@pytest.mark.parametrize("wrong", ["", "x", "x" * 22, "x" * 400, "'; --", "😀" * 22])
def test_a_wrong_token_opens_nothing(wrong: str):
    with pytest.raises(NoAccess):
        access.open_link(wrong)


def test_a_revoked_link_is_dead(table: MemoryTable):
    grant = access.staff_grant("t1", "P1/engineering", 1)
    token = access.token(grant)
    grants.put(grant, access.hash_of(token))
    grants.revoke(access.hash_of(token))
    with pytest.raises(NoAccess):
        access.open_link(token)


def test_the_reporters_link_opens_that_ticket_alone():
    assert access.actor_on(access.own_grant("T1"), ticket()).role is Role.OWNER
    with pytest.raises(NoAccess):
        access.actor_on(access.own_grant("T2"), ticket())


def test_taken_off_the_ticket_the_link_is_dead_at_once(table: MemoryTable):
    employ(table, "t1", "P1/engineering")
    grant = access.ticket_grant("T1", "t1")
    assert access.actor_on(grant, ticket()).role is Role.TECHNICIAN
    with pytest.raises(NoAccess):
        access.actor_on(grant, ticket(holder="t2"))


def test_whoever_it_climbed_to_acts_for_that_level(table: MemoryTable):
    employ(table, "s1", "S1/desk2")
    employ(table, "h1", "group/hotline")
    grant = access.ticket_grant("T1", "s1")
    assert access.actor_on(grant, ticket(watchers={2: "s1"})).role is Role.SUPERVISOR
    assert access.actor_on(access.ticket_grant("T1", "h1"), ticket(watchers={3: "h1"})).role is Role.HOTLINE


def test_the_desks_link_is_good_while_they_are_on_the_desk(table: MemoryTable):
    grant = access.ticket_grant("T1", "d1", "P1/desk")
    employ(table, "d1", "P1/desk")
    assert access.actor_on(grant, ticket()).role is Role.DESK
    employ(table, "d1", "P1/desk", active=False)
    with pytest.raises(NoAccess):
        access.actor_on(grant, ticket())


@pytest.mark.parametrize(
    ("who", "changes"), [("s1", {"watchers": {2: "s1"}}), ("d1", {"holder": "d1", "at_desk": True, "team": "P1/desk"})]
)
def test_who_left_a_desk_has_no_link_to_what_they_answered_for(
    table: MemoryTable, who: str, changes: dict[str, object]
):
    grant = access.ticket_grant("T1", who, "P1/desk" if who == "d1" else "")
    team = "P1/desk" if who == "d1" else "S1/desk2"
    employ(table, who, team)
    assert access.actor_on(grant, ticket(**changes))
    employ(table, who, team, active=False)
    with pytest.raises(NoAccess):
        access.actor_on(grant, ticket(**changes))


# everybody who can stand on a ticket, and how: (who, team, grant's team, what makes them stand there)
STANDING: dict[str, tuple[str, str, str, dict[str, object]]] = {
    "technician": ("t1", "P1/engineering", "", {}),
    "technician of another team by now": ("t1", "P1/building", "", {}),
    "desk that holds it": ("d1", "P1/desk", "P1/desk", {"holder": "d1", "team": "P1/desk", "at_desk": True}),
    "desk of the place": ("d1", "P1/desk", "P1/desk", {}),
    "supervisor": ("s1", "S1/desk2", "", {"watchers": {2: "s1"}}),
    "hotline": ("h1", "group/hotline", "", {"watchers": {3: "h1"}}),
}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("how", STANDING)
@pytest.mark.parametrize("kind", ["ticket", "staff"])
def test_who_left_opens_nothing_in_whatever_state_and_however_they_stood_on_it(
    table: MemoryTable, how: str, state: State, kind: str
):
    who, team, by_desk, changes = STANDING[how]
    one = ticket(state=state, **changes)
    grant = access.ticket_grant("T1", who, by_desk) if kind == "ticket" else access.staff_grant(who, team, 1)
    employ(table, who, team)
    assert access.actor_on(grant, one).id == who
    employ(table, who, team, active=False)
    with pytest.raises(NoAccess):
        access.actor_on(grant, one)


def test_nobody_is_asked_for_twice_in_a_minute(table: MemoryTable, monkeypatch: pytest.MonkeyPatch):
    employ(table, "t1", "P1/engineering")
    asked: list[str] = []
    for name in ("get", "query"):
        real = getattr(table, name)
        monkeypatch.setattr(table, name, lambda pk, *a, real=real, **k: asked.append(pk) or real(pk, *a, **k))
    for _ in range(3):
        access.actor_on(access.ticket_grant("T1", "t1"), ticket())
    assert asked == ["TEAM#P1/engineering"]


@pytest.mark.parametrize(
    ("team", "place", "role"),
    [
        ("P1/desk", HOME, Role.DESK),
        ("P2/desk", HOME, None),
        ("S1/desk2", HOME, Role.SUPERVISOR),
        ("S2/desk2", HOME, None),
        ("group/hotline", HOME, Role.HOTLINE),
        ("P1/engineering", HOME, None),
    ],
)
def test_a_persons_own_link_reaches_what_is_theirs(
    table: MemoryTable, team: str, place: dict[str, str], role: Role | None
):
    employ(table, "x1", team)
    grant = access.staff_grant("x1", team, 1)
    if role is None:
        with pytest.raises(NoAccess):
            access.actor_on(grant, ticket(place=place))
    else:
        assert access.actor_on(grant, ticket(place=place)).role is role


def test_who_keeps_guessing_is_slowed_and_others_are_not():
    answers = [access.guesses("198.51.100.7", AT) for _ in range(access.WRONG_LINKS + 1)]
    assert answers == [False] * access.WRONG_LINKS + [True]
    assert not access.guesses("198.51.100.8", AT)


def test_phones_are_kept_as_keyed_hashes_only():
    assert access.hidden("phone", "19900000000") != access.hidden("unit", "19900000000")
    assert "1990" not in access.hidden("phone", "19900000000")


def test_a_team_that_no_row_names_opens_nothing(world: World) -> None:
    """Not even what its people are on: an unknown team is no technicians' team."""
    world.employ("x1", "P1/gardeners")
    grant = access.staff_grant("x1", "P1/gardeners", 1)
    with pytest.raises(access.NoAccess):
        access.actor_on(grant, ticket(holder="x1", team="P1/gardeners"))
    with pytest.raises(access.NoAccess):
        access.actor_on(access.ticket_grant("T1", "x1"), ticket(holder="x1", team="P1/gardeners"))


def test_a_link_is_killed_where_nothing_may_be_deleted(world: World) -> None:
    grant = access.ticket_grant("T1", "b1")
    grants.put(grant, access.hash_of(access.token(grant)))
    access.deaden(grant, world.at)
    found = access.open_link(access.token(grant))
    assert (found.kind, found.expires > world.at.timestamp()) == ("dead", True)
    with pytest.raises(NoAccess):
        access.actor_on(found, ticket())
