"""A technician on the deployed system: what people say of a quarter, its score, an objection, its answer by another."""

from __future__ import annotations

import os
import subprocess
import sys

from playwright.sync_api import Page, expect

from infra.local.stack import ROOT
from tests.e2e.play import Play

QUARTER = """
from dataclasses import replace
from chalicelib.adapters.time import now
from chalicelib.domain.measures.score import WORKS
from chalicelib.domain.measures.period import months_of
from chalicelib.services.measures import scoring
from chalicelib.store import places
from infra.seed import year

months, found = months_of("2025Q3"), []
for one in year.stated():
    fact, month = one.facts[-1]
    if one.made.project == "YS" and month in months and fact.kind in WORKS and len(found) < 36:
        stars = {"overall": 3 if len(found) % 9 == 0 else 5}
        theirs = replace(fact, did={"completed": "YS-E1"}, held=("YS-E1",), scores=stars, verified=True)
        found.append(replace(one, facts=((replace(theirs, reporter="owner"), month),)))
year.write_facts(found)
done = scoring.Scored()
scoring.score(places.get("YS"), "2025Q3", now(), done)
assert (done.begun, done.thin) == (1, 0), done
"""
YEAR = """
from chalicelib.adapters.time import now
from chalicelib.services.measures import scoring, yearly
from chalicelib.store import places

done = scoring.Scored()
yearly.score(places.get("YS"), "2025", now(), done)
assert (done.begun, done.thin) == (1, 0), done
"""
WHY = "按抽查、互评和采纳的建议评定"
NOT_RIGHT = "有两单三星是等配件\uff0c不是维修质量"
ANSWER = "已核对两单\uff0c配件延误属实\uff0c加两分"


def night(play: Play, makes: str) -> None:
    """What the night makes: a person's quarter, from the facts of its months; a year, once its quarters have ended."""
    environment = {**os.environ, **play.stack.environment}
    done = subprocess.run([sys.executable, "-c", makes], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def chosen(play: Play, page: Page, home: str) -> Page:
    """The page of the one quarter in somebody's list."""
    play.open(page, f"{home}/scores?project=YS")
    play.tap(page, page.locator("ul.list a[href*='/score/']").first)
    return page


def by_message(play: Play, about: str) -> Page:
    """The page behind the link of a message."""

    def came() -> str:
        return next((a for m in play.stack.mailbox() if about in m.text for a in m.links if "/q/" in a), "")

    return play.open(play.phone(), play.eventually(came, f"the message of {about}"))


def test_a_technician_objects_to_a_score_and_somebody_else_answers(play: Play, links: dict[str, str]) -> None:
    night(play, QUARTER)

    # a colleague and the developer desk say their word, and see no points
    colleague = chosen(play, play.phone(), links["YS-E2"])
    expect(colleague.locator("main")).not_to_contain_text("相关工单")
    theirs = colleague.url
    play.do(colleague, "rate", stars="4")
    desk = chosen(play, play.desktop(), links["BJ-S1"])
    drawn = desk.locator("form[action$='/check']").count()
    assert drawn == 5
    for n in range(drawn):
        form = desk.locator("form[action$='/check']").nth(n)
        form.locator("[name=points]").fill("90")
        with desk.expect_navigation():
            form.locator("button").click()
    play.do(desk, "rate", stars="5")

    # the project's manager decides, and explains it
    manager = chosen(play, play.desktop(), links["YS-M1"])
    play.do(manager, "take", count="2", words="换阀门前先通知整栋")
    play.do(manager, "publish", words=WHY, adjust="0")

    # the technician reads it, with the tickets behind it, and objects
    mine = by_message(play, "评分已公布")
    expect(mine.locator("main")).to_contain_text(WHY)
    expect(mine.locator("details .list li")).to_have_count(36)
    before = mine.locator("h2 .num").first.inner_text()
    play.do(mine, "object", words=NOT_RIGHT)
    assert mine.locator("form").count() == 0

    # not by who decided: the subsidiary's management answers
    play.open(manager, manager.url.partition("?")[0])
    expect(manager.locator("main")).to_contain_text(NOT_RIGHT)
    assert manager.locator("form[action$='/answer']").count() == 0
    above = by_message(play, "提出异议")
    expect(above.locator("main")).to_contain_text(NOT_RIGHT)
    play.do(above, "answer", words=ANSWER, adjust="2")

    # final, and seen by the person; colleagues see it no more
    final = play.open(play.phone(), f"{links['YS-E1']}/score?q=2025Q3")
    expect(final.locator("main")).to_contain_text(ANSWER)
    assert float(final.locator("h2 .num").first.inner_text()) == float(before) + 2
    assert play.fetched(theirs)[0] == 404

    # the year, from that quarter: decided by the manager, read by the person with the way to its quarters
    night(play, YEAR)
    chosen(play, manager, links["YS-M1"])
    expect(manager.locator("main")).to_contain_text("2025年度")
    play.do(manager, "publish", words="以第三季度为准", adjust="0")
    year = play.open(play.phone(), f"{links['YS-E1']}/score?q=2025")
    expect(year.locator("h2 .num").first).to_have_text(final.locator("h2 .num").first.inner_text())
    expect(year.locator("form[action$='/object']")).to_have_count(1)
    play.tap(year, year.locator("table.counts a").first)
    expect(year.locator("main")).to_contain_text(ANSWER)
