"""Sheets of signs on the desk's page: its own project, some sheets a page, on to the next building."""

from __future__ import annotations

import re

import pytest
from chalice.test import Client

from chalicelib.commands.links import token_of
from chalicelib.store import people


@pytest.fixture
def browser(in_corner: Client) -> Client:
    return in_corner


def token(code: str) -> str:
    staff = people.get(code)
    assert staff is not None
    return token_of(staff)


def get(browser: Client, path: str, status: int = 200) -> str:
    answer = browser.http.get(path)
    assert answer.status_code == status
    return str(answer.body.decode())


def test_the_desks_page_leads_to_its_signs(browser: Client) -> None:
    base = f"/d/{token('YS-D1')}"
    assert f'href="{base}/signs"' in get(browser, base)
    page = get(browser, f"{base}/signs")
    assert "中心花园" in page
    assert "000-0000-1001" in page


def test_some_sheets_a_page_then_the_next_ones_then_the_next_building(browser: Client) -> None:
    here, seen, sheets = f"/d/{token('YS-D1')}/signs?what=flats&form=sheet", [], 0
    while here:
        page = get(browser, here)
        seen.append(re.findall(r'id="progress">.*?</p>', page)[0])
        sheets += page.count("<svg xmlns")
        assert page.count("<svg xmlns") <= 4
        following = re.search(r'rel="next" href="([^"]+)"', page)
        here = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == 6
    assert sheets == 18  # three buildings of six flats, one a sheet


def test_nobody_prints_another_projects_signs(browser: Client) -> None:
    page = get(browser, f"/d/{token('YS-D1')}/signs?desk=FL&part=FL-1&what=flats")
    assert "云杉苑" in page
    assert "枫林里" not in page
    get(browser, f"/d/{token('YS-E1')}/signs", 404)


def test_whoever_answers_for_several_projects_chooses_one(browser: Client) -> None:
    page = get(browser, f"/d/{token('BJ-S1')}/signs?desk=FL")
    assert "二维码标牌 · 枫林里" in page
    assert "这里没有这类位置" in page
    assert 'value="YS"' in page


@pytest.mark.parametrize("odd", ["what=x", "form=x", "from=x", "from=9999", "part=%00", "part=FL-1", "desk=x"])
def test_an_odd_address_gives_a_page(browser: Client, odd: str) -> None:
    get(browser, f"/d/{token('YS-D1')}/signs?{odd}")
