"""Pages where a row of the table can't be read: which page is shown, with whom to call, and what goes on for others."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from chalice.test import Client, HTTPResponse

from app import app
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access
from chalicelib.services.ticket import choosing, frontdesk
from chalicelib.store import grants, places, records
from chalicelib.store.places import Place
from chalicelib.store.table import Put
from tests.world import STAFF, World, forget

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
REGISTERED = "19911112222"  # of every flat of the small world
BROKEN = ["no json", "[]", "7", "{}"]


@pytest.fixture
def browser(world: World) -> Iterator[Client]:
    choosing.forget()
    frontdesk.forget()
    ladder = json.dumps([[1, "物业客服", "020-00000001"]], ensure_ascii=False)
    for row in places.put_place(Place("P1", "project", "P1苑", "S1", "P1苑", {"subsidiary": "S1"}, {"ladder": ladder})):
        world.table.write(Put(row))
    with Client(app) as client:
        yield client
    choosing.forget()


def break_row(world: World, pk: str, sk: str, name: str = "body", text: str = "no json") -> None:
    world.table._apply(Put({**world.table.parts[pk][sk], name: text}))
    forget()


def reported(world: World) -> Ticket:
    ticket = world.report()
    world.pump()
    return world.load(ticket)


def links(ticket: Ticket) -> dict[str, str]:
    """Every way to a ticket's page."""
    one = access.ticket_grant(ticket.id, ticket.holder, ticket.desk)
    mine, desk = access.staff_grant(ticket.holder, STAFF[ticket.holder][0], 1), access.staff_grant("d1", "P1/desk", 1)
    for grant in (one, mine, desk):
        grants.put(grant, access.hash_of(access.token(grant)))
    own = f"/o/{access.token(access.own_grant(ticket.id))}"
    return {
        "own": own,
        "one": f"/t/{access.token(one)}",
        "held": f"/w/{access.token(mine)}/{ticket.id}",
        "desk": f"/d/{access.token(desk)}/{ticket.id}",
        "late": f"{own}/late",
    }


def text(answer: HTTPResponse) -> str:
    return str(answer.body.decode())


def post(browser: Client, path: str, **fields: Any) -> HTTPResponse:
    return browser.http.post(path, headers=FORM, body=urlencode(fields, doseq=True).encode())


@pytest.mark.parametrize("family", ["own", "one", "held", "desk", "late"])
def test_a_ticket_with_a_broken_event_has_a_page_that_says_so_and_whom_to_call(
    world: World, browser: Client, family: str, caplog: pytest.LogCaptureFixture
) -> None:
    ticket = reported(world)
    path = links(ticket)[family]
    assert browser.http.get(path).status_code == 200
    break_row(world, records.key(ticket.id), "EVENT#000001")
    with caplog.at_level(logging.ERROR):
        answer = browser.http.get(path)
    assert answer.status_code == 503
    assert "这张工单暂时无法显示" in text(answer)
    assert 'href="tel:020-00000001"' in text(answer)
    assert f"{records.key(ticket.id)} EVENT#000001" in {getattr(record, "row", "") for record in caplog.records}


def test_where_the_head_is_broken_too_the_page_names_the_desk_without_a_number(world: World, browser: Client) -> None:
    ticket = reported(world)
    break_row(world, records.key(ticket.id), "EVENT#000001")
    break_row(world, records.key(ticket.id), "HEAD", "lk", "PLACE#nowhere")
    answer = browser.http.get(links(ticket)["own"])
    assert answer.status_code == 503
    assert "请致电物业客服" in text(answer)


def test_what_was_typed_for_a_ticket_that_cannot_be_read_stands_on_that_page(world: World, browser: Client) -> None:
    ticket = reported(world)
    break_row(world, records.key(ticket.id), "EVENT#000001")
    answer = post(browser, links(ticket)["one"] + "/note", words="阀门已关<b>")
    assert answer.status_code == 503
    assert "阀门已关&lt;b&gt;" in text(answer)


@pytest.mark.parametrize("body", BROKEN)
def test_a_link_whose_row_cannot_be_read_opens_nothing(world: World, browser: Client, body: str) -> None:
    ticket = reported(world)
    path = links(ticket)["own"]
    token = path.rpartition("/")[2]
    break_row(world, *grants.key(access.hash_of(token)), text=body)
    assert browser.http.get(path).status_code == 404
    assert world.rings["RowsUnreadable"] >= 1


@pytest.mark.parametrize("body", BROKEN)
def test_a_place_that_cannot_be_read_is_no_place_to_report_at(world: World, browser: Client, body: str) -> None:
    break_row(world, "PLACE#U1", "PLACE", text=body)
    shown = browser.http.get("/report?p=U1")
    assert shown.status_code == 200
    assert 'name="words"' not in text(shown)
    assert 'name="words"' in text(browser.http.get("/report?p=U2"))
    assert world.rings["RowsUnreadable"] >= 1


@pytest.mark.parametrize("ladder", ["no json", "7", '[["x","a","b"]]', "[[1]]"])
def test_a_ladder_that_cannot_be_read_is_left_out_of_the_form(world: World, browser: Client, ladder: str) -> None:
    for row in places.put_place(Place("P1", "project", "P1苑", "S1", "P1苑", {"subsidiary": "S1"}, {"ladder": ladder})):
        world.table.write(Put(row))
    shown = browser.http.get("/report?p=U1")
    assert (shown.status_code, "020-00000001" in text(shown)) == (200, False)
    assert world.rings["RowsUnreadable"] >= 1


@pytest.mark.parametrize("body", BROKEN)
def test_a_resident_who_cannot_be_read_is_registered_nowhere(world: World, browser: Client, body: str) -> None:
    world.report()
    asked = {"words": "浴室漏水", "place": "U1", "phone": REGISTERED}
    assert "alike" in json.loads(post(browser, "/hints", **asked).body)
    break_row(world, "PLACE#U1", "RESIDENT#r-U1", text=body)
    answer = post(browser, "/hints", **asked)
    assert (answer.status_code, "alike" in json.loads(answer.body)) == (200, False)


@pytest.mark.parametrize("line", ["", *BROKEN, '{"n":"1","k":"repair","s":"no such state","p":"normal"}'])
def test_hints_show_what_else_is_open_beside_a_line_that_cannot_be_read(
    world: World, browser: Client, line: str
) -> None:
    broken, _ = world.report(), world.report()
    break_row(world, records.key(broken.id), "HEAD", "line", line)
    answer = post(browser, "/hints", words="浴室漏水", place="U1", phone=REGISTERED)
    assert answer.status_code == 200
    assert json.loads(answer.body)["alike"].count("09:00") == 1


@pytest.mark.parametrize("name", ["POLICY", "HOLIDAYS"])
@pytest.mark.parametrize("body", ["no json", "[7]", "7", '[{"k":"no such clock","p":"normal","t":60}]'])
def test_numbers_that_cannot_be_read_are_left_out_and_what_ships_holds(
    world: World, browser: Client, name: str, body: str
) -> None:
    pk = "POLICY#P1" if name == "POLICY" else "HOLIDAYS#china"
    world.table.write(Put({"pk": pk, "sk": name, "id": pk, "body": body}))
    forget()
    ticket = reported(world)
    shown = browser.http.get(links(ticket)["own"])
    assert "11:00" in text(shown)
    assert world.rings["RowsUnreadable"] >= 1
