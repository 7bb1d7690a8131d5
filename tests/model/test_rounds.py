"""A second kind of record runs on the mechanism as it is: nothing in `chalicelib` knows of rounds (`rounds.py`).

A whole life of one, cut off once before and after every effect that any process has: then nothing is lost, no moment is
recorded twice, and no message goes out twice but where the provider's own call was cut.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from chalice import Chalice
from chalice.app import Response
from chalice.test import Client

import chalicelib
from chalicelib.adapters import objects
from chalicelib.adapters.ids import ulid
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role
from chalicelib.services.access import access, opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.record import erasing, rebuilding, record, registry
from chalicelib.store import records
from chalicelib.store.table import table
from chalicelib.web import routes
from chalicelib.web.kit import asked
from chalicelib.web.kit.pages import headers
from tests.model import rounds
from tests.model.crashes import CUT, UNNOTED, Scissors, settle, told, until
from tests.world import World
from tests.world import world as fresh_world

ALL = {"walk:warn:0.5", "walk:due", "walk:level:2"}
MOST = 400  # effects of a life; the last cut falls behind its end


@pytest.fixture(autouse=True)
def _registered() -> Iterator[None]:
    registry.register(rounds.SERVICE)
    yield
    registry.forget("ROUND")


def plan(world: World, walker: str = "b1") -> str:
    reference = f"ROUND#{ulid(world.at)}"
    record.begin(reference, rounds.planned(walker, world.at))
    return reference


def life(world: World, scissors: Scissors, cut_after: int) -> tuple[str, str]:
    """A round that nobody walks in time, and is finished late. (its reference, where a process was cut off)"""
    reference = plan(world)
    scissors.left, scissors.what = cut_after, CUT
    until(world, 3.5)
    scissors.left = None
    where = scissors.cut_at
    walker = Actor("b1", Role.TECHNICIAN)
    record.perform(Command("start", walker, key="s"), reference, world.at)
    settle(world)
    return reference, where


def check(world: World, reference: str, where: str) -> None:
    one = record.load(reference, consistent=True)
    assert Counter(e.data["moment"] for e in one.events if "moment" in e.data) == Counter(ALL), where
    found = told(world, reference)
    assert Counter((m.to, m.template) for m in found) == Counter(
        [("b1", "round_planned"), ("b1", "round_late_soon"), ("s1", "round_missed")]
    ), where
    assert {m.state for m in found} == {"sent"}, where
    sent = Counter(sk for of, sk in world.delivered if of == reference)
    extra = sum(sent.values()) - len(found)
    assert extra == 0 or (extra == 1 and where in UNNOTED), (where, sent)
    timer = records.load(reference)[1]  # type: ignore[index]
    assert records.stored_head(reference) == rebuilding.head_of(one, timer, world.at), where


def test_a_life_of_a_second_kind_is_whole_wherever_a_process_is_cut_off() -> None:
    places: set[str] = set()
    for cut_after in range(MOST):
        with fresh_world() as world:
            world.sends = world.send_really
            reference, where = life(world, Scissors(world, lambda who: None), cut_after)
            check(world, reference, where)
        if not where:
            break
        places.add(where)
    assert not where, "a life has more effects than were tried"
    assert {"before table.write", "after table.write", "after states.start_execution"} <= places
    assert {"before queue.send_message_batch", "after provider.publish"} <= places


def test_it_stands_in_its_own_lists_and_in_nobody_elses(world: World) -> None:
    ticket, reference = world.report(), plan(world)
    world.pump()
    own = table().index("queue", "ROUND.DESK#P1/desk").rows
    assert [records.named(row["pk"]) for row in own] == [reference]
    assert [row["pk"] for row in table().index("queue", "DESK#P1/desk").rows] == [f"TICKET#{ticket.id}"]
    assert [records.named(row["pk"]) for row in table().index("work", "ROUND.HOLDER#b1").rows] == [reference]
    assert {reference, ticket.id} == set(rebuilding.open_records())
    assert set(rebuilding.open_records("ROUND")) == {reference}
    record.perform(Command("finish", Actor("b1", Role.TECHNICIAN), key="f"), reference, world.at)
    world.pump()
    assert not table().index("queue", "ROUND.DESK#P1/desk").rows


def test_its_link_opens_it_for_its_holder_and_nothing_that_is_a_tickets(world: World) -> None:
    reference = plan(world)
    world.pump()
    one = record.load(reference)
    token = access.token(rounds.grant(one))
    opened = opening.open_record(token, frozenset({"ticket"}), prefix="ROUND")
    assert (opened.record.state, opened.actor.id) == ("planned", "b1")
    with pytest.raises(NoAccess):
        opening.open_ticket(token, frozenset({"ticket"}))
    opening.move(token, frozenset({"ticket"}), "finish", world.at, key="k", prefix="ROUND")
    assert not record.load(reference, consistent=True).is_open


def test_a_head_that_is_lost_comes_back_and_its_timer_goes_on(world: World) -> None:
    reference = plan(world)
    world.pump()
    del world.table.parts[reference]["HEAD"]
    world.states.fail_all()
    world.at += timedelta(minutes=55)
    assert rebuilding.rebuild(reference, world.at)
    world.sweep()
    world.pump()
    world.advance(hours=3)
    kinds = [e.kind for e in record.load(reference, consistent=True).events]
    assert kinds == ["planned", "warned", "breached", "escalated"]


def test_what_is_personal_of_it_is_erased_and_its_link_opens_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "note_erased", lambda reference: None)
    monkeypatch.setattr(objects, "forget", lambda key: 0)
    reference = plan(world)
    world.pump()
    record.perform(Command("finish", Actor("b1", Role.TECHNICIAN), key="f"), reference, world.at)
    token = access.token(rounds.grant(record.load(reference)))
    [erased] = erasing.erase(reference, world.at)
    assert (erased.record, erased.parts) == (reference, 1)
    one = record.load(reference, consistent=True)
    assert not any(e.said for e in one.events)
    assert [e.kind for e in one.events] == ["planned", "done"]
    with pytest.raises(NoAccess):
        opening.open_record(token, frozenset({"ticket"}), prefix="ROUND")


def test_a_reference_of_no_kind_is_not_found(world: World) -> None:
    with pytest.raises(record.NotFound):
        record.load(f"NOTHING#{ulid(world.at)}")


def test_a_page_of_it_is_a_route_and_a_view(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the steps of docs/adding-a-page.md: a row of the table of routes, a view that opens the record."""

    def look(token: str) -> Response:
        opened = opening.open_record(token, frozenset({"ticket"}), prefix="ROUND")
        return Response(f"{opened.actor.id} {opened.record.state}", headers=headers())

    app = Chalice("rounds")
    monkeypatch.setattr(asked, "_app", app)
    monkeypatch.setattr(routes, "_view", {"rounds.routes:look": look}.__getitem__)
    for route in (routes.Route("GET", "/r/{token}", "rounds.routes:look"),):
        app.route(route.path, methods=["GET", "HEAD"], name=route.view, content_types=[])(routes._answered(route))
    reference = plan(world)
    world.pump()
    token = access.token(rounds.grant(record.load(reference)))
    with Client(app) as browser:
        seen, nobodys = browser.http.get(f"/r/{token}"), browser.http.get(f"/r/{'x' * 22}")
    assert (seen.status_code, seen.body.decode()) == (200, "b1 planned")
    assert seen.headers["Cache-Control"] == "no-store"
    assert nobodys.status_code == 404


MECHANISM = (
    *("services/record/" + name for name in ("acting", "erasing", "moments", "rebuilding", "recomputing", "record")),
    *("services/record/" + name for name in ("reconciling", "registry", "sending", "sweeping", "telling", "timers")),
    *("store/records", "store/events", "store/messages", "store/erasures"),
    *("functions/act", "functions/tell", "functions/tick", "functions/stream"),
    *("adapters/executions", "adapters/messages"),
)


@pytest.mark.parametrize("module", MECHANISM)
def test_the_mechanism_knows_no_ticket(module: str) -> None:
    text = (Path(chalicelib.__file__).parent / f"{module}.py").read_text(encoding="utf-8")
    assert not re.findall(r"^\s*(?:from|import) chalicelib\.(?:domain|services)\.ticket\b.*", text, re.M)


def test_the_stream_wakes_two_readers_for_any_kind() -> None:
    template = (Path(chalicelib.__file__).parents[1] / "infra" / "resources.yaml").read_text(encoding="utf-8")
    assert template.count("!GetAtt Table.StreamArn") == 2
    assert "TICKET#" not in template
