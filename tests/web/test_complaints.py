"""A complaint on the pages: the desk chooses a department, its people answer by their link, the owner reads who."""

from __future__ import annotations

from urllib.parse import urlencode

from chalice.test import Client, HTTPResponse

from chalicelib.adapters import ids
from chalicelib.domain.ticket.ticket import State, Ticket
from chalicelib.services.access import access
from chalicelib.store import grants
from tests.web.forms import answered
from tests.web.links import own
from tests.world import STAFF, World

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def at_desk(ticket: Ticket) -> str:
    grant = access.staff_grant("d1", STAFF["d1"][0], 1)
    grants.put(grant, access.hash_of(access.token(grant)))
    return f"/d/{access.token(grant)}/{ticket.id}"


def by_message(world: World, ticket: Ticket) -> str:
    """The address that whoever holds it was sent."""
    return f"/t/{access.token(access.ticket_grant(ticket.id, world.load(ticket).holder))}"


def page(browser: Client, path: str) -> str:
    answer = browser.http.get(path)
    assert answer.status_code == 200, path
    return str(answer.body.decode())


def send(browser: Client, world: World, path: str, move: str, **fields: str) -> HTTPResponse:
    sent = {"key": ids.ulid(world.at), **answered(browser, path, move), **fields}
    return browser.http.post(f"{path}/{move}", headers=FORM, body=urlencode(sent).encode())


def complaint(world: World) -> Ticket:
    ticket = world.report("保安不登记访客", kind="complaint")
    world.pump()
    return world.load(ticket)


def test_the_desk_chooses_among_the_departments_of_the_workbook_and_nothing_is_chosen_for_it(
    world: World, browser: Client
) -> None:
    ticket = complaint(world)
    form = page(browser, at_desk(ticket)).partition('id="relay-to"')[2].partition("</select>")[0]
    assert [form.count(name) for name in ("工程部</option>", "设计部</option>")] == [2, 1]
    assert "selected" not in form
    assert '<option value="">' in form
    refused = send(browser, world, at_desk(ticket), "relay", to="")
    assert (refused.status_code, world.load(ticket).state) == (400, State.REPORTED)


def test_the_department_answers_and_writes_the_result_on_its_own_page(world: World, browser: Client) -> None:
    ticket = complaint(world)
    assert send(browser, world, at_desk(ticket), "relay", to="engineering", words="请核实").status_code == 303
    world.pump()
    theirs = by_message(world, ticket)
    seen = page(browser, theirs)
    assert 'id="main-answer"' in seen
    assert "请核实" in seen
    assert "/relay" not in seen
    assert send(browser, world, theirs, "answer", words="明天起登记").status_code == 303
    assert 'id="main-write_result"' in page(browser, theirs)
    assert send(browser, world, theirs, "write_result", words="已整改").status_code == 303
    assert world.load(ticket).state is State.RESULT_WRITTEN


def test_owner_and_desk_read_which_department_has_it(world: World, browser: Client) -> None:
    ticket = complaint(world)
    world.do(ticket, "relay", "d1", to="engineering")
    assert "已转交工程部处理" in page(browser, own(ticket))
    desk = page(browser, at_desk(ticket))
    assert "已转办：工程部" in desk
    assert world.load(ticket).holder in desk


def test_the_owner_reads_by_when_there_is_a_result_and_that_a_dissatisfied_word_went_back(
    world: World, browser: Client
) -> None:
    ticket = complaint(world)
    world.do(ticket, "relay", "d1", to="engineering")
    world.pump()
    world.do(ticket, "answer")
    assert "前给您处理结果" in page(browser, own(ticket))
    world.do(ticket, "write_result")
    assert "逾期我们会打电话问您" in page(browser, own(ticket))
    assert send(browser, world, own(ticket), "confirm", satisfied="no", words="没人来过").status_code == 303
    assert "我们重新处理" in page(browser, own(ticket))
    theirs = page(browser, by_message(world, ticket))
    assert "没人来过" in theirs
    assert 'id="main-write_result"' in theirs
