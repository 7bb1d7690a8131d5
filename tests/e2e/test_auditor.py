"""An auditor on the deployed system: from the signs of gaming to the team that games, its tickets, an explanation."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import partial

from playwright.sync_api import Locator, Page, expect

from chalicelib.language import audit
from infra.local.stack import ROOT
from infra.seed.demo import PROJECTS
from infra.seed.lives import GAMES
from tests.e2e.play import Play

NIGHT = """
import json
from datetime import datetime
from chalicelib.services.measures import gaming
from chalicelib.services.money import watching
from infra.seed import year

since = datetime.fromisoformat("2025-12-01T00:00:00+08:00")
found = [one for one in year.stated(since) if any(m in ("2025-12", "2026-01", "2026-02") for _, m in one.facts)]
year.write_facts(found)
gaming.look(datetime.fromisoformat("2026-03-01T09:00:00+08:00"))
hits, _ = watching.hits("group")
theirs = {sign: hit for sign, those in hits.items() for hit in those if hit.parties == (year.GAMES,)}
named = {ticket for sign in ("quick", "lowered") for ticket in theirs[sign].tickets}
year.write_tickets([one for one in found if one.made.id in named])
print(json.dumps({sign: len(hit.tickets) for sign, hit in theirs.items()}))
"""
SIGNS = ("quick", "lowered", "waited", "unphotographed", "device")
TEAM = next(name for code, name, _ in PROJECTS if code == GAMES.partition("/")[0])
WHY = "已约谈工程班和项目经理，联系时间为补录，改由系统记录"


def night(play: Play) -> dict[str, int]:
    """What the night finds in a quarter of the group, and the tickets that it names: by sign, how many of that team."""
    environment = {**os.environ, **play.stack.environment}
    done = subprocess.run([sys.executable, "-c", NIGHT], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return found


def theirs(page: Page, sign: str) -> Locator:
    """The finding about that team under a sign."""
    return page.locator(f"section[aria-labelledby='c-{sign}'] a", has_text=TEAM)


def test_an_auditor_finds_the_team_that_games_reads_its_tickets_and_says_what_explains_it(
    play: Play, links: dict[str, str]
) -> None:
    tickets = night(play)
    home = links["GROUP-A1"]
    play.open(play.phone(), home)
    page = play.open(play.desktop(), home)

    # one team stands under sign after sign, beside what is usual elsewhere
    shown = partial(theirs, page)
    for sign in SIGNS:
        expect(shown(sign)).to_have_count(1)
    assert re.search(r"\d+ 单中 \d+ 单，同类 \d+ 单中 \d+ 单", shown("quick").inner_text())
    others = [name for code, name, _ in PROJECTS if name != TEAM]
    for name in others:
        expect(page.locator("section[aria-labelledby='c-quick']")).not_to_contain_text(name)

    # down to its tickets, of which one is read
    play.tap(page, shown("quick"))
    finding = page.url
    expect(page.locator("h1")).to_contain_text(TEAM)
    expect(page.locator("ul.list a")).to_have_count(tickets["quick"])
    number = page.locator("ul.list a").first.inner_text()
    play.tap(page, page.locator("ul.list a").first)
    expect(page.locator("h1")).to_contain_text(number)
    expect(page.locator("main")).to_contain_text("仅供查阅")
    expect(page.locator("ol.history li").first).to_be_visible()
    assert page.locator("form").count() == 0
    assert not re.search(r"1\d{10}", page.locator("main").inner_text())

    # looked at, explained: it leaves what waits, and its words stay with it
    play.open(page, finding)
    play.do(page, "explain", words=WHY)
    explained = audit.state_word("explained", "zh_CN")
    expect(page.locator(".chips-line")).to_have_text(explained)
    expect(page.locator("ol.history")).to_contain_text(WHY)
    play.open(page, home)
    expect(shown("quick")).to_have_count(0)
    expect(shown("lowered")).to_have_count(1)
    play.open(page, f"{home}?show=all")
    expect(shown("quick")).to_contain_text(explained)
    play.open(play.desktop(), f"{finding}?lang=en")
