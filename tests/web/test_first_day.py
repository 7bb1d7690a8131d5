"""The first day's list on the desk's pages: where nothing is open, and as a page that does what can be done."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from chalice.test import Client

from chalicelib.adapters import sms
from chalicelib.commands.links import token_of
from chalicelib.services.loading import first_day
from chalicelib.store import people
from tests.world import World

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def browser(in_corner: Client) -> Client:
    return in_corner


def desk(code: str) -> str:
    staff = people.get(code)
    assert staff is not None
    return f"/d/{token_of(staff)}"


def get(browser: Client, path: str, status: int = 200) -> str:
    answer = browser.http.get(path)
    assert answer.status_code == status
    return str(answer.body.decode())


def forms_of(page: str) -> list[dict[str, str]]:
    """The hidden fields of each step's form."""
    return [
        dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        for form in re.findall(r'<form method="post" action="[^"]+/first".*?</form>', page, re.S)
    ]


def post(browser: Client, path: str, status: int = 303, **fields: str) -> str:
    answer = browser.http.post(path, headers=FORM, body=urlencode(fields).encode())
    assert answer.status_code == status
    return str(answer.headers.get("Location", ""))


def test_a_desk_where_nothing_is_open_shows_what_is_still_to_be_done(browser: Client, world: World) -> None:
    page = get(browser, desk("YS-D1"))
    assert 'id="first-day"' in page
    assert "物业客服无人值班：每天 20:00–次日 08:00" in page
    assert f"{desk('YS-D1')}/signs" in page
    world.report("卫生间漏水", unit="YS-3-2-1001")
    assert 'id="first-day"' not in get(browser, desk("YS-D1"))


def test_a_list_that_is_narrowed_is_no_empty_project(browser: Client) -> None:
    assert 'id="first-day"' not in get(browser, f"{desk('YS-D1')}?show=late")
    assert 'id="first-day"' not in get(browser, f"{desk('YS-D1')}?part=lines")


def test_all_that_is_done_leaves_the_page_and_the_desk(
    browser: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(sms, "send", lambda to, text: sent.append(to))
    here = f"{desk('YS-D1')}/first"
    for form in forms_of(get(browser, here)):
        there = post(browser, here, **form, do="links" if form["step"] == "links" else "aside")
        assert 'role="status"' in get(browser, there)
    world.pump()
    assert len(sent) == 14
    assert "都已办妥" in get(browser, here)
    assert 'id="first-day"' not in get(browser, desk("YS-D1"))
    [*_, last] = forms_of(get(browser, here))
    get(browser, post(browser, here, **last, do="back"))
    assert len(first_day.of("YS").todo) == 1


def test_a_form_that_is_sent_twice_or_too_late_does_nothing_more(browser: Client) -> None:
    here = f"{desk('YS-D1')}/first"
    [form] = [f for f in forms_of(get(browser, here)) if f["step"] == "signs"]
    assert "done=aside" in post(browser, here, **form, do="aside")
    assert "done=" not in post(browser, here, **form, do="aside")
    assert "done=" not in post(browser, here, **form | {"mark": "x"}, do="back")
    assert "done=" not in post(browser, here, **form, do="whatever")


def test_nobody_confirms_or_sends_for_another_project(browser: Client) -> None:
    here = f"{desk('YS-D1')}/first"
    [form] = [f for f in forms_of(get(browser, f"{desk('FL-D1')}/first")) if f["step"] == "links"]
    post(browser, here, 403, **form, do="links")
    post(browser, here, 403, **form | {"desk": "YS"}, do="links")
    post(browser, here, 403, **form | {"home": "group"}, do="links")
    get(browser, f"/w/{desk('YS-E1').rpartition('/')[2]}/first", 404)
    get(browser, f"{desk('YS-E1')}/first", 404)


def test_a_desk_above_has_each_projects_list_and_its_own(browser: Client) -> None:
    page = get(browser, f"{desk('BJ-S1')}/first?desk=FL")
    assert "还没有录入楼栋" in page
    assert {form["home"] for form in forms_of(page)} == {"FL", "BJ"}
    assert {form["home"] for form in forms_of(get(browser, f"{desk('H1')}/first?desk=YS"))} == {"YS", "group"}


def test_every_form_has_a_button_that_says_what_it_does(browser: Client) -> None:
    page = get(browser, f"{desk('YS-D1')}/first?lang=en")
    for form in re.findall(r'<form method="post".*?</form>', page, re.S):
        assert re.findall(r'<button[^>]*name="do" value="\w+"[^>]*>[^<]+</button>', form)
