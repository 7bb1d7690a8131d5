"""The page with the stars and the desk's call list: looked at they change nothing, three calls at most."""

from __future__ import annotations

import re

import pytest
from chalice.test import Client

from chalicelib.domain.measures.survey import SCORES, Survey
from chalicelib.services.access import access
from chalicelib.services.measures import surveying
from chalicelib.services.record import record
from chalicelib.store import grants, surveys
from chalicelib.store import table as tables
from tests.services.measures.test_surveying import one_more
from tests.web import links
from tests.web.browsing import get, post
from tests.web.test_desk import Counted
from tests.world import World

STARS = dict.fromkeys(SCORES, "4")


def link(one: Survey) -> str:
    return f"/s/{access.token(surveying.own_grant(one.id))}"


def called(one: Survey, who: str = "s1") -> str:
    return f"/d/{links.staff(who)}/call/{one.id.partition('#')[2]}"


def test_an_owner_gives_stars_by_link_and_is_thanked(browser: Client, world: World) -> None:
    one = one_more(world, verified=True)
    page = get(browser, link(one))
    assert "您对我们的服务满意吗" in page
    assert "可不填" not in page, "the mark of what is optional says it"
    post(browser, f"{link(one)}/answer", still="no", **STARS)
    assert record.load(one.id).scores == dict.fromkeys(SCORES, 4)
    assert "您已评价" in get(browser, link(one))


def test_looking_changes_nothing(browser: Client, world: World) -> None:
    one = one_more(world, verified=True)
    before = record.load(one.id).version
    for path in (link(one), f"{link(one)}/answer", f"{link(one)}/decline"):
        browser.http.get(f"{path}?still=no&overall=5&speed=5&thoroughness=5&manners=5")
    assert record.load(one.id).version == before


def test_what_is_missing_stands_at_its_field_and_what_was_chosen_is_kept(browser: Client, world: World) -> None:
    one = one_more(world, verified=True)
    page = post(browser, f"{link(one)}/answer", 400, overall="4", words="水龙头还在滴")
    assert "水龙头还在滴" in page
    assert re.search(r'name="overall" value="4" id="[^"]+" checked', page)
    assert "e-scores" in page


def test_a_link_opens_its_own_survey_and_nothing_else(browser: Client, world: World) -> None:
    one = one_more(world, verified=True)
    token = link(one).rpartition("/")[2]
    for path in (f"/o/{token}", f"/t/{token}", f"/w/{token}", f"/d/{token}/calls", f"/k/{token}"):
        get(browser, path, 404)
    ticket = world.report()
    get(browser, links.own(ticket).replace("/o/", "/s/"), 404)
    other = grants.Grant("survey/x", "survey", "resident", ticket.id)
    grants.put(other, access.hash_of(access.token(other)))
    get(browser, f"/s/{access.token(other)}", 404)


def test_the_desk_calls_and_notes_what_came_of_it(browser: Client, world: World) -> None:
    one = one_more(world, verified=False)
    token = links.staff("s1")
    listed = get(browser, f"/d/{token}/calls")
    assert f"/call/{one.id.partition('#')[2]}" in listed
    assert "电话未核实" in listed
    assert "1991111" not in listed
    page = get(browser, called(one))
    assert 'href="tel:19911110000"' in page
    assert "/d/" in post(browser, f"{called(one)}/reached", still="yes", words="门还关不上", **STARS)
    assert "门还关不上" in get(browser, called(one))
    post(browser, f"{called(one)}/settle", 400)
    post(browser, f"{called(one)}/settle", words="已派单")
    assert "目前没有待回访业主" in get(browser, f"/d/{token}/calls")
    assert surveys.counts("P1", "2026-03").still == 1


def test_the_property_desk_does_not_see_whom_another_desk_is_to_call(browser: Client, world: World) -> None:
    one = one_more(world, verified=False)
    assert "目前没有待回访业主" in get(browser, f"/d/{links.staff('d1')}/calls")
    get(browser, called(one, "d1"), 404)
    post(browser, f"{called(one, 'd1')}/reached", 404, still="no", **STARS)
    for who in ("e1", "g1"):
        get(browser, f"/d/{links.staff(who)}/calls", 404)
        get(browser, called(one, who), 404)


def test_what_somebody_else_noted_meanwhile_is_said(browser: Client, world: World) -> None:
    one = one_more(world, verified=False)
    post(browser, f"{called(one)}/refused")
    assert post(browser, f"{called(one, 's2')}/reached", 409, still="no", **STARS)


def test_the_property_desk_sees_how_many_said_nothing(browser: Client, world: World) -> None:
    one = one_more(world, verified=False)
    desk = f"/d/{links.staff('d1')}/calls"
    assert "10 户中抽取 1 户，已回访 0 户，未回应 0 户，进行中 1 户" in get(browser, desk)
    for _ in range(3):
        post(browser, f"{called(one)}/not_reached")
    assert "已回访 0 户，未回应 1 户，进行中 0 户" in get(browser, desk)


@pytest.mark.parametrize("verified", [True, False])
def test_each_page_is_three_calls_at_most(browser: Client, world: World, verified: bool) -> None:
    one = one_more(world, verified=verified)
    paths = [link(one)] if verified else [f"/d/{links.staff(who)}/calls" for who in ("s1", "d1")] + [called(one)]
    counted = Counted(world.table)
    tables.use(counted)
    try:
        for path in paths:
            get(browser, path)
            counted.calls = 0
            get(browser, path)
            assert 0 < counted.calls <= 3, path
    finally:
        tables.use(world.table)
