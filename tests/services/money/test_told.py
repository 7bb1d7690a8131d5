"""A batch that nobody takes over, and one that is not made, are told to finance; nothing of it waits for nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.money.batch import ENDED, State, next_moment
from chalicelib.domain.ticket.routing import Person
from chalicelib.services.money import making, periods, sealing
from chalicelib.services.record import record
from chalicelib.services.record.numbers import everywhere
from chalicelib.store import people
from chalicelib.store.people import Staff
from chalicelib.store.table import Put
from tests.model.crashes import told
from tests.services.money.debts import firm
from tests.services.money.people import OTHER, SEALER
from tests.world import ALL_HOURS, World, forget


@pytest.fixture
def desk(here: World) -> World:
    for who in ("f1", "f2"):
        for row in people.rows_of(Staff(Person(who, who, "E1/finance", frozenset(), ALL_HOURS), "19900004444", "")):
            here.table.write(Put(row))
    forget()
    periods.open_one("E1", "2026-03", SEALER, here.at)
    firm(here, "D1")
    return here


def templates(world: World, name: str) -> set[tuple[str, str]]:
    return {(message.template, message.to) for message in told(world, name)}


def test_who_sealed_is_told_and_somebody_of_finance_until_it_is_taken_over(desk: World) -> None:
    one = sealing.seal("E1", SEALER, desk.at, period="2026-03", key="k")
    making.go_on(one.id, desk.at)
    desk.pump()
    assert templates(desk, one.id) == {("batch_ready", "f1")}
    desk.advance(days=4)
    assert ("batch_waits", "f1") in templates(desk, one.id) or ("batch_waits", "f2") in templates(desk, one.id)
    number = record.load(one.id).number
    sealing.acknowledge("E1", number, OTHER, desk.at)
    before = len(told(desk, one.id))
    desk.advance(days=10)
    assert len(told(desk, one.id)) == before


def test_what_is_not_made_is_told_and_queued_again(desk: World) -> None:
    one = sealing.seal("E1", SEALER, desk.at, period="2026-03", key="k")
    desk.queue.exported.clear()
    desk.pump()
    assert one.id in desk.queue.exported
    desk.advance(hours=2)
    assert {template for template, _ in templates(desk, one.id)} == {"batch_stuck"}
    desk.queue.exported.clear()
    desk.at += timedelta(minutes=5)
    desk.sweep()
    assert one.id in desk.queue.exported


def test_every_state_that_is_not_the_end_has_a_next_moment(desk: World) -> None:
    one = record.load(sealing.seal("E1", SEALER, desk.at, period="2026-03", key="k").id)
    for state in set(State) - ENDED:
        one.state = state
        assert next_moment(one, everywhere(), desk.at) is not None, state
