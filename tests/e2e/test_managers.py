"""A manager on the deployed system: from a red figure to its tickets, an action, what came of it a month later."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pypdfium2
from playwright.sync_api import expect

from chalicelib.language.actions import moved_word
from infra.local.stack import ROOT
from tests.e2e.play import Play

MONTHS = """
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from chalicelib.services.measures import rolling
from infra.seed import year

def months(*which):
    return [one for one in year.stated() if one.made.project == "YS" and any(m in which for _, m in one.facts)]

if sys.argv[1] == "winter":
    found = months("2025-12", "2026-01", "2026-02")
    year.write_facts(found)
    year.write_tickets(year.worst(found))
    for year_, month in ((2025, 12), (2026, 1), (2026, 2)):  # while they ran: no report is made of these
        rolling.roll(f"{year_}-{month:02}", datetime(year_, month, 28, 4, tzinfo=UTC))
else:  # what January was stands for March: better than February
    later = timedelta(days=59)
    for one in months("2026-01"):
        moved = [
            (replace(f, counts=f.counts + later, rated=f.rated and f.rated + later), "2026-03")
            for f, m in one.facts
            if m == "2026-01"
        ]
        year.write_facts([replace(one, facts=tuple(moved))])
    rolling.roll("2026-03", datetime(2026, 4, 7, 4, tzinfo=UTC))
"""
WHAT = "低分单当天由项目经理回访，三天内给出整改结果"


def months(play: Play, which: str) -> None:
    """Write a project's months as the nightly walk would have."""
    environment = {**os.environ, **play.stack.environment}
    done = subprocess.run(
        [sys.executable, "-c", MONTHS, which], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_a_manager_follows_a_red_figure_to_its_tickets_and_next_months_report_shows_what_an_action_did(
    play: Play, links: dict[str, str]
) -> None:
    months(play, "winter")
    home = links["YS-M1"]
    page = play.open(play.phone(), f"{home}?month=2026-02")
    red = page.locator(".figure--missed").first
    expect(red).to_contain_text("满意率")
    expect(red).to_contain_text("40 / 50")
    play.open(play.desktop(), f"{home}?month=2026-02")
    play.open(play.desktop(), f"{home}?month=2026-02&lang=en")

    # down to the tickets, the bad ones first
    play.tap(page, red.locator(".figure-links a").first)
    expect(page.locator(".list .state").first).to_contain_text("未达到")
    play.tap(page, page.locator(".list a").first)
    expect(page.locator("main")).to_contain_text("经过")
    assert not re.search(r"1\d{10}", page.locator("main").inner_text())

    # an action, to the desk
    page.goto(f"{home}/act?m=satisfaction&month=2026-02")
    play.look(page)
    page.fill("[name=words]", WHAT)
    page.fill("[name=until]", f"{play.stack.now():%Y}-12-20")
    page.select_option("[name=who]", "YS-D1")
    with page.expect_navigation():
        page.get_by_role("button", name="下达").click()
    play.look(page)
    expect(page.locator(".notice[role=status]")).to_contain_text("已下达")
    expect(page.locator("main")).to_contain_text("80%")

    def told() -> str:
        return next(
            (link for m in play.stack.mailbox() if "改进措施" in m.text for link in m.links if "/g/" in link), ""
        )

    theirs = play.open(play.phone(), play.eventually(told, "the message to whoever does it"))
    expect(theirs.locator("main")).to_contain_text(WHAT)
    play.do(theirs, "finish", words="已回访全部低分业主")
    expect(theirs.locator(".notice[role=status]")).to_contain_text("已记录完成")

    # a month later: the screen, the report, the message with its link
    months(play, "march")
    page.goto(f"{home}?month=2026-03")
    expect(page.locator("main")).to_contain_text("已达目标")
    shown = re.search(r"([\d.]+%)", page.locator("article.figure", has_text="满意率").first.inner_text())
    assert shown is not None
    assert float(shown[1][:-1]) >= 85  # other journeys' tickets may be among those of March

    def report() -> str:
        page.goto(f"{home}/report?month=2026-03")
        link = page.locator("a[href*='/report/pdf']")
        return str(link.get_attribute("href")) if link.count() else ""

    address = play.eventually(report, "the report of March", 60)
    play.look(page)
    with play.requests() as ask:
        answer = ask.get(play.stack.url + address)
        assert answer.status == 200
        pages = pypdfium2.PdfDocument(answer.body())
        said = re.sub(r"\s", "", "".join(one.get_textpage().get_text_range() for one in pages))
    acts = said.partition("改进措施")[2]
    came = [acts.find(word) for word in (WHAT[:8], "80%", shown[1], moved_word("reached", "zh_CN"))]
    assert -1 not in came, said
    assert came == sorted(came), "what was done, from where to where, and what came of it"

    def came() -> str:
        return next((link for m in play.stack.mailbox() if "月报" in m.text for link in m.links if "/g/" in link), "")

    by_message = play.open(play.phone(), play.eventually(came, "the message with the report"))
    expect(by_message.locator("main")).to_contain_text("满意率")


def test_other_scopes_are_not_there(play: Play, links: dict[str, str]) -> None:
    for code, of in (("YS-M1", "FL"), ("YS-M1", "BJ"), ("BJ-M1", "HD")):
        for page in ("", "/tickets", "/words", "/actions", "/report"):
            assert play.fetched(f"{links[code]}{page}?of={of}&m=satisfaction")[0] == 404
    assert play.fetched(f"{links['GROUP-M1']}?of=YS")[0] == 200
