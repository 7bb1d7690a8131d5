"""A manager sees what came of a project since it is here, and what stands beside the figures; others' is not there."""

from __future__ import annotations

from dataclasses import replace

from chalice.test import Client

from chalicelib.domain.measures.rollout import Entry
from chalicelib.services.measures import gaming, rolling
from chalicelib.store import baselines, facts
from chalicelib.store import table as tables
from chalicelib.store.table import Put
from tests.services.measures.test_rolling import lived
from tests.services.measures.year import link, managed
from tests.web.browsing import get
from tests.web.test_desk import Counted
from tests.world import World

HERE = "/rollout?month=2026-03"


def told(world: World) -> None:
    """Two months before, the industry, and three repairs since, of which one was contacted at once."""
    managed(world)
    entered = [Entry("2025-12", "efficiency", 36_000, 4), Entry("2025-12", "satisfaction", 50, 100)]
    entered.append(Entry("2025-12", "cost", 123_400, 10))
    world.table.write(Put(baselines.put("P1", entered)))
    world.table.write(Put(baselines.put("industry", [Entry("2025-12", "satisfaction", 71, 100)])))
    for stars in (5, 4, 2):
        lived(world, stars)
    last = facts.of_month("P1", "2026-03", newest_first=True)[0][0]
    facts.add(replace(last, n=last.n + 1, quick=1, did={**last.did, "contacted": "e1"}), "2026-03")
    rolling.roll("2026-03", world.at)
    gaming.look(world.at)


def test_before_since_change_promise_and_industry_stand_in_a_row(browser: Client, world: World) -> None:
    told(world)
    page = get(browser, link("m1") + HERE)
    for said in (
        "2.5",
        "2.1",
        "+16.7%",
        "+30.0%",
        "未达承诺",
        "50.0%",
        "66.7%",
        "+33.3%",
        "达到承诺",
        "71.0%",
        "每单付给第三方和业主的费用（元）",
        "123.4",
        "−20.0%",
        "−30.0%",
    ):
        assert said in page


def test_what_would_betray_the_figures_stands_beside_them(browser: Client, world: World) -> None:
    told(world)
    page = get(browser, link("m1") + HERE)
    assert "派单一分钟内即记已联系" in page
    assert "1 / 1" in page
    assert "Contact within a minute" in get(browser, link("m1") + HERE + "&lang=en")


def test_above_a_project_there_is_no_before_and_elsewhere_no_page(browser: Client, world: World) -> None:
    told(world)
    page = get(browser, link("m9") + HERE)
    assert "登记簿中有专门的工作表" not in page
    assert "派单一分钟内即记已联系" in page
    assert "未达承诺" in get(browser, link("m9") + HERE + "&of=P1")
    get(browser, link("m1") + HERE + "&of=P2", 404)


def test_without_months_before_the_page_says_what_would_fill_it(browser: Client, world: World) -> None:
    managed(world)
    page = get(browser, link("m1") + HERE)
    assert "登记簿中有专门的工作表" in page
    assert "本月尚无统计" in page


def test_it_is_three_calls_however_long_the_history(browser: Client, world: World) -> None:
    told(world)
    path = link("m1") + HERE
    get(browser, path)
    counted = Counted(world.table)
    tables.use(counted)  # type: ignore[arg-type]
    get(browser, path)
    tables.use(world.table)
    assert counted.calls <= 3
