"""The pages of a score: each sees what is theirs, without names of who rated, in three calls at most."""

from __future__ import annotations

import re

import pytest
from chalice.test import Client

from chalicelib.services.access import access
from chalicelib.services.measures import scoring
from chalicelib.store import grants
from chalicelib.store import table as tables
from tests.services.measures.test_scoring import begun, do, gathered, load, published
from tests.services.measures.test_yearly import begun as a_year
from tests.web import links
from tests.web.browsing import get, post
from tests.web.test_desk import Counted
from tests.world import World


def token(world: World, who: str) -> str:
    if who not in world.employed:
        return links.staff(who)
    grant = access.staff_grant(who, world.employed[who], 1)
    grants.put(grant, access.hash_of(access.token(grant)))
    return access.token(grant)


def one_of() -> str:
    return load().id.partition("#")[2]


@pytest.fixture(autouse=True)
def fresh() -> None:
    scoring._managed.forget()


def test_a_technician_sees_the_score_with_its_tickets_and_objects(browser: Client, world: World) -> None:
    published(world)
    base = f"/w/{token(world, 'e1')}"
    page = get(browser, f"{base}/score")
    assert "91.5" in page  # 30 + 25 + 18 + 13 and a half + 5, rounded once
    assert page.count(f'<li><a href="{base}/0') == 30, "a row is opened anywhere"
    assert "按抽查和评价评定" in page
    assert "系统计算" in page
    assert "人工录入" in page
    post(browser, f"{base}/score/{one_of()}/object", 400)
    post(browser, f"{base}/score/{one_of()}/object", words="有两单是配件没到")
    assert load().state == "objected"
    m2 = f"/g/{token(world, 'm2')}"
    assert "有两单是配件没到" in get(browser, f"{m2}/score/{one_of()}")
    post(browser, f"{m2}/score/{one_of()}/answer", words="已核实", adjust="+2")
    assert "已核实" in get(browser, f"{base}/score")
    assert load().state == "final"


def test_what_people_enter_is_not_shown_to_the_person_before_it_is_published(browser: Client, world: World) -> None:
    gathered(world)
    page = get(browser, f"/w/{token(world, 'e1')}/score")
    assert "90.0" not in page
    assert page.count('<td class="num">—</td>') == 3


def test_a_colleague_and_the_developer_desk_say_their_word_and_see_no_points(browser: Client, world: World) -> None:
    one = begun(world)
    peer, desk = f"/w/{token(world, 'e2')}", f"/d/{token(world, 's1')}"
    for base in (peer, desk):
        assert f"{base}/score/{one_of()}" in get(browser, f"{base}/scores")
        page = get(browser, f"{base}/score/{one_of()}")
        assert "100.0" not in page
        assert "相关工单" not in page
        post(browser, f"{base}/score/{one_of()}/rate", stars="4")
    assert one.sample[0] not in get(browser, f"{peer}/score/{one_of()}")
    assert f"{desk}/{one.sample[0]}" in get(browser, f"{desk}/score/{one_of()}")
    post(browser, f"{desk}/score/{one_of()}/check", ticket=one.sample[0], points="80")
    post(browser, f"{peer}/score/{one_of()}/publish", 403, words="x", adjust="0")
    assert (load().peers, load().desk, load().checks) == ({"e2": 4}, {"s1": 4}, {one.sample[0]: 80})


def test_who_rated_is_named_nowhere(browser: Client, world: World) -> None:
    gathered(world)
    for path in (f"/w/{token(world, 'e1')}/score", f"/g/{token(world, 'm1')}/score/{one_of()}"):
        assert not re.search(r">\s*(e2|s1)\b", get(browser, path))


def test_after_it_is_published_colleagues_see_it_no_more(browser: Client, world: World) -> None:
    published(world)
    for who, family in (("e2", "w"), ("s1", "d")):
        base = f"/{family}/{token(world, who)}"
        get(browser, f"{base}/score/{one_of()}", 404)
        assert one_of() not in get(browser, f"{base}/scores")


@pytest.mark.parametrize(
    ("who", "family"), [("b1", "w"), ("h1", "d"), ("d1", "d"), ("m9", "g"), ("mx", "g"), ("g1", "w")]
)
def test_nobody_else_opens_it(browser: Client, world: World, who: str, family: str) -> None:
    published(world)
    base = f"/{family}/{token(world, who)}/score/{one_of()}"
    get(browser, base, 404)
    post(browser, f"{base}/answer", 404, words="x", adjust="0")


def test_the_list_of_management_has_no_points_and_no_order_by_them(browser: Client, world: World) -> None:
    published(world)
    page = get(browser, f"/g/{token(world, 'm1')}/scores")
    assert one_of() in page
    assert "91.5" not in page
    assert one_of() in get(browser, f"/g/{token(world, 'm2')}/scores?project=P1")
    assert one_of() not in get(browser, f"/g/{token(world, 'mx')}/scores")


def test_the_groups_management_lists_and_opens_objections_that_have_come_to_it_alone(
    browser: Client, world: World
) -> None:
    published(world)
    m9 = f"/g/{token(world, 'm9')}"
    assert one_of() not in get(browser, f"{m9}/scores?project=P1")
    do(world, "object", "e1", {"words": "有两单是配件没到"})
    assert one_of() not in get(browser, f"{m9}/scores?project=P1")
    world.advance(days=21)
    assert one_of() in get(browser, f"{m9}/scores?project=P1")
    assert "有两单是配件没到" in get(browser, f"{m9}/score/{one_of()}")
    post(browser, f"{m9}/score/{one_of()}/answer", words="已核实", adjust="0")
    assert load().state == "final"


def test_an_objection_that_nobody_answered_leaves_no_points_on_the_page(browser: Client, world: World) -> None:
    published(world)
    do(world, "object", "e1", {"words": "有两单是配件没到"})
    world.advance(days=31)
    page = get(browser, f"/w/{token(world, 'e1')}/score")
    assert "逾期无人答复异议" in page
    assert "91.5" not in page


def test_a_year_shows_its_quarters_to_the_person_and_the_management_and_is_objected_to(
    browser: Client, world: World
) -> None:
    a_year(world, "80", "", "90")
    year = scoring.named("e1", "2025").partition("#")[2]
    m1, e1 = f"/g/{token(world, 'm1')}", f"/w/{token(world, 'e1')}"
    assert f"{m1}/score/{year}" in get(browser, f"{m1}/scores")
    page = get(browser, f"{m1}/score/{year}")
    assert page.count(f'href="{m1}/score/0') == 3
    assert "80.0" in page
    assert "未评定" in page, "a quarter without a score says why"
    assert "质量抽查" not in page
    of = re.search(r'name="of" value="(\d+)"', page)
    assert of
    post(browser, f"{m1}/score/{year}/publish", words="两个季度平均", adjust="1", of=of[1])
    assert f"{e1}/score?q=2025" in get(browser, f"{e1}/score")
    mine = get(browser, f"{e1}/score?q=2025")
    assert "86.0" in mine
    assert f"{e1}/score?q=2025Q3" in mine
    post(browser, f"{e1}/score/{year}/object", words="第二季度不应缺")
    assert "第二季度不应缺" in get(browser, f"{m1}/score/{year}")
    assert "本年度没有评分" in get(browser, f"{e1}/score?q=2024")


def test_of_a_year_colleagues_and_the_developer_desk_see_nothing(browser: Client, world: World) -> None:
    a_year(world, "80")
    year = scoring.named("e1", "2025").partition("#")[2]
    for who, family in (("e2", "w"), ("s1", "d"), ("mx", "g"), ("m9", "g")):
        base = f"/{family}/{token(world, who)}"
        assert year not in get(browser, f"{base}/scores")
        get(browser, f"{base}/score/{year}", 404)


def test_a_link_of_a_message_opens_the_one_score_for_its_reader(browser: Client, world: World) -> None:
    published(world)
    world.pump()
    grant = access.ticket_grant(load().id, "e1", "P1/engineering")
    path = f"/q/{access.token(grant)}"
    assert "91.5" in get(browser, path)
    post(browser, f"{path}/object", words="不对")
    assert load().state == "objected"
    world.employ("e1", "P1/engineering", active=False)
    get(browser, path, 404)


def test_a_slip_stands_at_its_field(browser: Client, world: World) -> None:
    gathered(world)
    base = f"/g/{token(world, 'm1')}/score/{one_of()}"
    page = post(browser, f"{base}/publish", 400, words="好", adjust="9", of=shown(browser, base))
    assert "数值不在允许范围内" in page
    assert "好</textarea>" in page


def shown(browser: Client, base: str) -> str:
    """What a page of the score stands for, as its form says it."""
    return re.findall(r'name="of" value="(\d+)"', get(browser, base))[0]


def test_a_page_that_is_overtaken_decides_nothing_and_shows_how_it_stands_now(browser: Client, world: World) -> None:
    gathered(world)
    base = f"/g/{token(world, 'm1')}/score/{one_of()}"
    seen = shown(browser, base)
    do(world, "rate", "s1", stars=1)
    page = post(browser, f"{base}/publish", 409, words="按抽查评定", adjust="0", of=seen)
    assert "按抽查评定</textarea>" in page
    assert load().state == "gathering"
    post(browser, f"{base}/publish", words="按抽查评定", adjust="0", of=shown(browser, base))
    assert load().state == "published"


def test_each_page_is_three_calls_at_most(browser: Client, world: World) -> None:
    begun(world)
    do(world, "rate", "e2", stars=5)
    paths = [f"/w/{token(world, 'e1')}/score", f"/w/{token(world, 'e2')}/scores"]
    paths += [f"/d/{token(world, 's1')}/score/{one_of()}", f"/g/{token(world, 'm1')}/scores"]
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
