"""Put together from texts, facts and templates, a Chinese page has the punctuation of Chinese too."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser

from chalice.test import Client

from chalicelib.services.access import access
from chalicelib.store import grants
from infra.build.typography import fold
from tests.web.links import staff
from tests.world import World

INLINE = {"a", "abbr", "b", "bdi", "em", "i", "small", "span", "strong", "time", "wbr"}
SPOKEN = {"alt", "aria-label", "placeholder", "title"}


class Reader(HTMLParser):
    """What a page says: its text, a line for each block, and what is only read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.said, self.hidden = "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("script", "style")
        for name, value in attrs:
            if name in SPOKEN and value:
                self.said += f"\n{value}\n"
        self.said += "" if tag in INLINE else "\n"

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style")
        self.said += "" if tag in INLINE else "\n"

    def handle_data(self, data: str) -> None:
        self.said += "" if self.hidden else " ".join(data.split()) or " "


def unlike(page: str) -> list[str]:
    """The lines of a page that have ASCII punctuation beside Chinese."""
    reader = Reader()
    reader.feed(page)
    return sorted({line for line in reader.said.split("\n") if fold(line) != line})


def lived(world: World) -> str:
    """A repair with nearly everything that may happen: a plan, a pause, a miss, a climb, a message that failed."""
    ticket = world.report("卫生间漏水")
    world.pump()
    world.do(ticket, "contact", how="phone")
    world.do(ticket, "acknowledge")
    start = world.at + timedelta(hours=2)
    world.do(ticket, "offer_windows", windows=[[start.isoformat(), (start + timedelta(hours=2)).isoformat()]])
    world.do(ticket, "pause", reason="utility")
    world.advance(hours=5)
    world.do(ticket, "resume")
    world.advance(days=6)
    return ticket.id


def test_no_page_of_a_long_life_has_ascii_punctuation_beside_chinese(world: World, browser: Client) -> None:
    id = lived(world)
    ticket = world.load(id)
    own = access.token(access.own_grant(id))
    paths = ["/", "/report", "/c", "/again", "/nothing", f"/o/{own}", f"/o/{own}/late", f"/o/{own}/sheet"]
    for who in ("b1", "d1", "s1", "h1"):
        token = staff(who)
        paths += [f"/w/{token}", f"/d/{token}", f"/d/{token}/new", f"/d/{token}/{id}", f"/d/{token}/{id}/late"]
    if ticket.holder:
        held = access.ticket_grant(id, ticket.holder, ticket.desk)
        token = access.token(held)
        grants.put(held, access.hash_of(token))
        paths += [f"/t/{token}", f"/t/{token}/late", f"/t/{token}/people"]
    found = {}
    read = 0
    for path in paths:
        answer = browser.http.get(f"{path}?lang=zh_CN")
        read += answer.status_code == 200
        if lines := unlike(answer.body.decode()):
            found[path.split("/")[1] + path[-6:]] = lines
    assert read >= 15
    assert not found, found
