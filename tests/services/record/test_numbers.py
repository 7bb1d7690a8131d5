"""Numbers by version: what closed under old ones is explained by them, and never judged anew."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from chalice.test import Client

from app import app
from chalicelib.adapters import policies
from chalicelib.domain.policy.overrides import Override
from chalicelib.domain.ticket.explaining import explain
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access
from chalicelib.services.record import numbers
from chalicelib.services.record.rebuilding import rebuild
from chalicelib.services.ticket import frontdesk
from chalicelib.store import facts, grants, rules
from chalicelib.store.table import Change, Put
from tests.world import STAFF, World

HOUR = timedelta(hours=1)


def adjust(world: World, target: timedelta, counts: str = "") -> None:
    """The workbook gives P1 another time for arriving."""
    for row in rules.put_overrides("P1", [Override("arrive", "urgent", target, counts)]):
        world.table.write(Put(row))
    numbers.forget()


def closed(world: World) -> Ticket:
    """Somebody arrived 90 minutes after the report, finished, and it is closed."""
    ticket = world.report("卫生间漏水")
    world.pump()
    for move in ("contact", "acknowledge"):
        world.do(ticket, move)
    world.advance(minutes=90)
    world.do(ticket, "arrive")
    world.do(ticket, "complete")
    world.do(ticket, "sign_off", "reporter")
    world.do(ticket, "follow_up", "d1", fixed=True)
    world.pump()
    ended = world.load(ticket)
    assert not ended.is_open
    return ended


def verdict(world: World, ticket: Ticket) -> str:
    found = explain(ticket, numbers.policy_of(ticket), world.at)
    return next(a.verdict for a in found.accounts if a.name == "arrive")


def new_process() -> None:
    """Nothing is remembered of any numbers."""
    numbers.forget()
    numbers._made.forget()


def late_page(ticket: Ticket) -> str:
    frontdesk.forget()
    grant = access.staff_grant("d1", STAFF["d1"][0], 1)
    grants.put(grant, access.hash_of(access.token(grant)))
    with Client(app) as client:
        return str(client.http.get(f"/d/{access.token(grant)}/{ticket.id}/late").body.decode())


def test_what_closed_under_a_projects_old_numbers_is_explained_by_them(world: World) -> None:
    world.sweep()
    adjust(world, 2 * HOUR)
    ticket = closed(world)
    adjust(world, HOUR)
    new_process()
    assert verdict(world, ticket) == "kept"
    assert explain(ticket, numbers.policy_for(ticket.place), world.at).late
    assert numbers.judged_by(ticket)[1]


def test_no_change_of_a_number_breaks_a_promise_of_what_is_closed(world: World) -> None:
    world.sweep()
    adjust(world, 2 * HOUR)
    ticket = closed(world)
    adjust(world, HOUR)
    new_process()
    rebuild(ticket.id, world.at)
    world.advance(days=2)
    world.sweep()
    world.do(ticket, "rate", "reporter", scores={"overall": 5, "speed": 5, "thoroughness": 5, "manners": 5})
    assert "breached" not in world.kinds(ticket)


def test_holidays_that_were_loaded_later_move_nothing_that_is_closed(world: World) -> None:
    world.sweep()
    adjust(world, HOUR, "office")
    for row in rules.put_years({2026: {date(2026, 3, 2): False}}):
        world.table.write(Put(row))
    new_process()
    ticket = closed(world)
    assert verdict(world, ticket) == "kept"
    for row in rules.put_years({2026: {date(2026, 1, 1): False}}):
        world.table.write(Put(row))
    new_process()
    assert verdict(world, ticket) == "kept"
    assert explain(ticket, numbers.policy_for(ticket.place), world.at).late


def test_what_closed_under_files_that_shipped_before_is_explained_by_them(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.sweep()
    ticket = closed(world)
    for file in policies.FOLDER.glob("*.toml"):
        text = file.read_text(encoding="utf-8").replace('urgent = "2h"', 'urgent = "30m"')
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(policies, "FOLDER", tmp_path)
    monkeypatch.setattr(policies, "_base", None)
    new_process()
    assert verdict(world, ticket) == "kept"
    assert explain(ticket, numbers.policy_for(ticket.place), world.at).late
    assert "not on record" not in late_page(ticket)
    new_process()


def test_numbers_that_nobody_kept_are_not_made_up_the_page_says_so(world: World) -> None:
    ticket = closed(world)
    for row in world.table.query(f"TICKET#{ticket.id}", "EVENT#", "EVENT~").rows:
        body = str(row["body"]).replace(ticket.events[0].policy, "2019-01-01")
        world.table.write(Change((row["pk"], row["sk"]), sets={"body": body}))
    ticket = world.load(ticket)
    assert numbers.judged_by(ticket) == (numbers.policy_for(ticket.place), False)
    assert "没有留存" in late_page(ticket)


def test_the_content_of_a_version_is_kept_once_and_never_changed(world: World) -> None:
    assert numbers.note()
    assert not numbers.note()
    version = policies.policy().version
    before = rules.kept([version])[version]
    rules.keep(version, "something else")
    assert rules.kept([version])[version] == before


def test_numbers_that_can_not_be_kept_now_stop_no_sweep_and_are_kept_by_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(part: str, body: str) -> None:
        raise OSError("the table is down")

    with monkeypatch.context() as while_down:
        while_down.setattr(rules, "keep", down)
        assert "run" in world.sweep()
    version = policies.policy().version
    assert not rules.kept([version])
    world.sweep()
    assert rules.kept([version])


def test_an_open_ticket_is_judged_by_what_holds_now_and_reads_nothing_else(world: World) -> None:
    ticket = world.report("卫生间漏水")
    world.pump()
    assert numbers.policy_of(world.load(ticket)) is numbers.policy_for(ticket.place)


def test_stars_that_come_after_a_change_of_numbers_are_stated_under_those_it_closed_under(world: World) -> None:
    world.sweep()
    adjust(world, 2 * HOUR)
    ticket = closed(world)
    then = ticket.closed_under
    adjust(world, HOUR)
    new_process()
    world.do(ticket, "rate", "reporter", scores={"overall": 5, "speed": 5, "thoroughness": 5, "manners": 5})
    found, _ = facts.of_month("P1", "2026-03")
    assert {fact.policy for fact in found} == {then}
    assert all(run.verdict != "late" for fact in found for run in fact.clocks if run.name == "arrive")
