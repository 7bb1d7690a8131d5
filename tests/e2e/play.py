"""What the journeys share: phones and desks in a real browser, the mailbox, the clock, and a look at every page.

Pages are driven by what they mean: the move that a form makes (its address), the names of its fields. What a page
says is compared through the catalogue, so that a better wording breaks nothing.
"""

from __future__ import annotations

import json
import re
import struct
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Page, expect

from chalicelib.language.catalogue import catalogue
from infra.local.mailbox import Message
from infra.local.stack import Stack
from infra.seed.demo import demo
from tests.e2e.looks import DESK_WIDTH, Looks, pattern

T = TypeVar("T")
CHINA = ZoneInfo("Asia/Shanghai")
WAIT = 20.0
NUMBER = re.compile(r"\d{4}-\d{4}-\d")
DRAWN = re.compile(r"/[otwdbkfgasq]/[\w-]{22}")


def zh(text: str) -> str:
    """A text of the pages in Chinese, without what is filled into it."""
    return catalogue("zh_CN").gettext(text)


def like(text: str) -> re.Pattern[str]:
    """A text of the pages in Chinese, whatever is filled into it."""
    return re.compile(re.sub(r"%\\\(\w+\\\)s", ".+", re.escape(zh(text))))


STAFF: Mapping[str, Mapping[str, Any]] = {str(row["code"]): row for row in demo()["staff"]}
OWNERS: Mapping[str, Mapping[str, Any]] = {str(r["unit"]): r for r in demo()["residents"] if r["role"] == "业主"}


def plain(phone: object) -> str:
    """Digits alone, without the country."""
    return re.sub(r"\D", "", str(phone).replace("+86", ""))


def staff_phone(code: str) -> str:
    return plain(STAFF[code]["phone"])


OFFICE = "责任待判定"  # in what the warranty office is told


@dataclass
class Reported:
    """A ticket as its reporter knows it."""

    number: str
    link: str
    phone: str

    @property
    def digits(self) -> str:
        return plain(self.number)


@dataclass
class Play:
    """One journey on the running system."""

    stack: Stack
    browser: Browser
    phone_profile: Mapping[str, Any]
    looks: Looks
    address: str
    contexts: list[BrowserContext] = field(default_factory=list)
    without_scripts: list[BrowserContext] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    # who looks

    def context(self, profile: Mapping[str, Any], **more: Any) -> BrowserContext:
        made = self.browser.new_context(
            **{**profile, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", **more},
            extra_http_headers={"X-Forwarded-For": self.address},
        )
        made.set_default_timeout(WAIT * 1000)
        self.contexts.append(made)
        if not more.get("java_script_enabled", True):
            self.without_scripts.append(made)
        return made

    def phone(self, **more: Any) -> Page:
        return self._watched(self.context(self.phone_profile, **more).new_page())

    def desktop(self, **more: Any) -> Page:
        profile = {"viewport": {"width": DESK_WIDTH, "height": 900}}
        return self._watched(self.context(profile, **more).new_page())

    def _watched(self, page: Page) -> Page:
        page.on("pageerror", lambda fault: self.broken.append(f"{pattern(page.url)}: {fault}"))
        page.on(
            "console",
            lambda said: (
                self.broken.append(f"{pattern(page.url)}: {said.text}")
                if "Content Security Policy" in said.text
                else None
            ),
        )
        page.on("response", lambda r: self.broken.append(f"{r.status} {pattern(r.url)}") if r.status >= 500 else None)
        return page

    def open(self, page: Page, address: str) -> Page:
        page.goto(address if address.startswith("http") else self.stack.url + address)
        self.look(page)
        return page

    def look(self, page: Page) -> None:
        """Whether anybody can use it, once for every kind of page; without its scripts, by a copy of it."""
        page.wait_for_load_state("load")
        if page.context in self.without_scripts:
            self.looks.at_copy(page, lambda: self.context(self.phone_profile))
        else:
            self.looks.at(page)

    def unfold(self, page: Page) -> None:
        """Open all that folds away: nothing in it is wider than the smallest phone either."""
        self.looks.unfolded(page)

    # what they do

    def do(self, page: Page, move: str, *, stays: bool = False, **fields: Any) -> None:
        """Fill the form of a move and send it; photos as `photo=[bytes]`, a PDF as `paper=bytes`."""
        form = self.form(page, move)
        if move == "complete":  # whoever completes has done all of the checklist
            for tick in form.locator("[name='done']").all():
                tick.evaluate("e => e.checked || e.click()")  # a sticky bar may lie over it
        for name, value in fields.items():
            self.fill(form, name.rstrip("_"), value)
        button = self.button(page, form, move)
        if stays:
            button.click()
            return
        with page.expect_navigation(url=re.compile(r"done=")):
            button.click()
        self.look(page)

    def form(self, page: Page, move: str) -> Locator:
        """The form that makes a move, unfolded."""
        found = page.locator(f"form[action$='/{move}'], form:has([formaction$='/{move}'])").first
        found.wait_for(state="attached")
        found.evaluate(
            "form => { for (let e = form; e; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true }"
        )
        return found

    def button(self, page: Page, form: Locator, move: str) -> Locator:
        """What sends it: in the form, or in the bar within the thumb's reach."""
        own = form.locator(f"[formaction$='/{move}']")
        if own.count():
            return own.first
        name = form.get_attribute("id")
        inside = form.locator("button:not([type=button]):not([formaction])")
        return inside.first if inside.count() else page.locator(f"button[form='{name}']").first

    def fill(self, form: Locator, name: str, value: Any) -> None:
        if name == "photo":
            files: list[FilePayload] = [
                {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": data} for n, data in enumerate(value)
            ]
            form.locator("input[type=file][accept='image/*']:not([capture])").set_input_files(files)
            return
        if name == "paper":
            paper: FilePayload = {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": value}
            form.locator("input[type=file]:not([accept='image/*'])").set_input_files(paper)
            return
        control = form.locator(f"[name='{name}']")
        kind = control.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
        if kind in ("radio", "checkbox"):
            values = value if isinstance(value, list) else [value]
            for n, wanted in enumerate(values):
                one = (
                    control.nth(wanted)
                    if isinstance(wanted, int)
                    else form.locator(f"[name='{name}'][value='{wanted}']")
                )
                one.evaluate(
                    "e => { for (let p = e; p; p = p.parentElement) if (p.tagName === 'DETAILS') p.open = true }"
                )
                one.check(force=True)
                assert n < 9
        elif kind == "select":
            control.first.select_option(value)
        else:
            control.first.fill(value)

    def report(
        self,
        page: Page,
        unit: str,
        words: str,
        *,
        phone: str = "",
        kind: str = "repair",
        photos: list[bytes] | None = None,
        **fields: Any,
    ) -> Reported:
        """Report on the form of a unit; gives what the page that follows says."""
        self.open(page, f"/report?p={unit}")
        form = page.locator("form[action$='/report']").first
        phone = phone or plain(OWNERS[unit]["phone"])
        self.fill(form, "kind", kind)
        for name, value in ({"words": words, "phone": phone} | fields).items():
            self.fill(form, name, value)
        if photos:
            self.fill(form, "photo", photos)
            expect(form.locator(".shot.done")).to_have_count(len(photos), timeout=WAIT * 1000)
        form.locator("[name=consent]").check(force=True)
        form.locator("button:not([type=button])").last.click()
        page.wait_for_url("**/o/**")
        self.look(page)
        number = NUMBER.search(page.inner_text("main"))
        assert number, page.inner_text("main")
        return Reported(number[0], page.url.partition("?")[0], phone)

    def sent_report(self, unit: str, words: str, *, kind: str = "repair", **fields: str) -> Reported:
        """The same without looking at the form: for journeys that begin later."""
        with self.requests() as ask:
            shown = ask.get(f"{self.stack.url}/report?p={unit}")
            mark = re.search(r'name="mark" value="(\w+)"', shown.text())
            assert mark, shown.text()
            phone = fields.pop("phone", "") or plain(OWNERS[unit]["phone"])
            given = {"mark": mark[1], "place": unit, "kind": kind, "reporter": "owner", "words": words, "phone": phone}
            answer = ask.post(
                f"{self.stack.url}/report", form={**given, "consent": "yes", "seen": "1", **fields}, max_redirects=0
            )
            assert answer.status == 303, answer.text()
            link = self.stack.url + answer.headers["location"].partition("?")[0]
            number = NUMBER.search(ask.get(link).text())
            assert number
        return Reported(number[0], link, phone)

    @contextmanager
    def requests(self, **headers: str) -> Iterator[Any]:
        """Requests outside any page, from this journey's address."""
        context = self.browser.new_context(extra_http_headers={"X-Forwarded-For": self.address, **headers})
        yield context.request
        context.close()

    # what they are told

    def told(self, ticket: Reported | str, to: str = "", *, link: str = "", after: datetime | None = None) -> Message:
        """The newest message about a ticket, as soon as there is one; `link`: one that opens such a page."""
        return self.eventually(
            lambda: next(iter(self.messages(ticket, to, link=link, after=after)), None),
            f"a message about {ticket} to {to or 'anybody'} with a link {link}",
        )

    def messages(
        self, ticket: Reported | str, to: str = "", *, link: str = "", after: datetime | None = None
    ) -> list[Message]:
        number = ticket if isinstance(ticket, str) else ticket.number
        since = after.isoformat()[:19] if after else ""
        return [
            m
            for m in self.stack.mailbox()
            if (number in m.text + m.subject or plain(number) in m.text)
            and to in plain(m.to) + m.to
            and any(link in address for address in m.links or [""])
            and m.at >= since
        ]

    def work_link(self, ticket: Reported | str, to: str = "", after: datetime | None = None) -> tuple[str, str]:
        """(link, phone) of whoever was last sent the ticket to work on: not the office that is asked who is liable."""
        found = self.eventually(
            lambda: next(
                (m for m in self.messages(ticket, to, link="/t/", after=after) if to or OFFICE not in m.text), None
            ),
            f"a link to work on {ticket}",
        )
        return next(a for a in found.links if "/t/" in a), plain(found.to)

    def eventually(self, call: Callable[[], T | None], what: str = "it", seconds: float = WAIT) -> T:
        until = time.monotonic() + seconds
        while not (found := call()):
            assert time.monotonic() < until, f"{what}: never within {seconds} s"
            time.sleep(0.1)
        return found

    # the clock

    def morning(self, hour: int = 9) -> None:
        """Make it a working morning, if it isn't one: early shift, desk and offices are there."""
        here = self.stack.now().astimezone(CHINA)
        if here.weekday() < 5 and 9 <= here.hour < 11:
            return
        day = here
        while True:
            day = (day + timedelta(days=1)).replace(hour=hour, minute=5, second=0, microsecond=0)
            if day.weekday() < 5:
                break
        self.stack.advance(to=day)

    def advance(self, **time: float) -> datetime:
        return self.stack.advance(by=timedelta(**time))

    # the table, where pages can't be asked

    def items(self, begins: str) -> list[dict[str, Any]]:
        """All items whose partition key begins so. For comparing, never for a page."""
        pages = self.stack.client("dynamodb").get_paginator("scan").paginate(TableName=self.stack.outputs["Table"])
        return [i for page in pages for i in page["Items"] if i["pk"]["S"].startswith(begins)]

    def ticket_id(self, number: str) -> str:
        """The ticket that has a number."""
        table, key = self.stack.outputs["Table"], {"pk": {"S": f"NUMBER#{plain(number)}"}}
        found = self.stack.client("dynamodb").query(
            TableName=table, KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": key["pk"]}
        )["Items"]
        ids = re.findall(r"\b[0-9A-Z]{26}\b", json.dumps(found))
        assert ids, f"no ticket has the number {number}"
        return str(ids[0])

    def parts(self, number: str) -> list[dict[str, Any]]:
        """All items of a ticket."""
        return list(
            self.stack.client("dynamodb").query(
                TableName=self.stack.outputs["Table"],
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": f"TICKET#{self.ticket_id(number)}"}},
            )["Items"]
        )

    def kinds(self, number: str) -> list[str]:
        """What happened to a ticket, in order."""
        rows = sorted((p for p in self.parts(number) if p["sk"]["S"].startswith("EVENT#")), key=lambda p: p["sk"]["S"])
        return [event["k"] for row in rows for event in json.loads(row["body"]["S"])["e"]]

    def code_of(self, phone: str) -> str:
        """The code of the member of staff who has a phone."""
        return next(code for code, row in STAFF.items() if plain(row["phone"]) == phone)

    def show_pages(self) -> None:
        """What every page shows now, for whoever reads why a journey failed."""
        for page in [p for c in self.contexts for p in c.pages]:
            print(f"--- {pattern(page.url)}\n{page.inner_text('body')}")

    def tap(self, page: Page, link: Locator) -> None:
        """Follow a link, and look at where it leads."""
        with page.expect_navigation():
            link.click()
        self.look(page)

    def wrong_page(self) -> tuple[int, str]:
        """(status, body) of what a link that never was gives."""
        return self.fetched("/t/" + "A" * 22)

    def is_passed_on(self, link: str) -> bool:
        """Whether a dead link says that somebody else has the ticket, and opens nothing of it."""
        status, body = self.fetched(link)
        return status == 404 and zh("Somebody else has this ticket now") in body and "<form" not in body

    def fetched(self, address: str) -> tuple[int, str]:
        """(status, body) of a page, asked from this journey's address."""
        with self.requests() as ask:
            answer = ask.get(address if address.startswith("http") else self.stack.url + address, max_redirects=0)
            return answer.status, answer.text()

    def post(self, address: str, **fields: str) -> tuple[int, str, str]:
        """(status, location, body) of a form sent without its page."""
        with self.requests() as ask:
            url = address if address.startswith("http") else self.stack.url + address
            answer = ask.post(url, form=fields, max_redirects=0)
            return answer.status, answer.headers.get("location", ""), answer.text()

    def close(self) -> None:
        for context in self.contexts:
            context.close()


def token_in(link: str) -> str:
    found = DRAWN.search(link)
    assert found, "no token in the address"
    return found[0].rpartition("/")[2]


def sign(page: Page) -> None:
    """Draw a signature into the box with a finger."""
    canvas = page.locator("form#sign canvas")
    canvas.evaluate("e => e.scrollIntoView({ block: 'center' })")  # not below the bar
    box = canvas.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + box["height"] * 0.7)
    page.mouse.down()
    for n in range(1, 12):
        up = 0.3 if n % 2 else 0.75
        page.mouse.move(box["x"] + 30 + n * (box["width"] - 60) / 12, box["y"] + box["height"] * up, steps=3)
    page.mouse.up()


# a photo as a phone takes it


def jpeg(page: Page, colour: str = "#8899aa", *, width: int = 640, height: int = 480, position: bool = True) -> bytes:
    """A JPEG drawn by the browser; with the position that a phone would write into it."""
    made = page.context.browser.new_page()  # type: ignore[union-attr]
    encoded = made.evaluate(
        """([w, h, colour]) => { const c = document.createElement('canvas'); c.width = w; c.height = h;
        const g = c.getContext('2d'); const s = g.createLinearGradient(0, 0, w, h);
        s.addColorStop(0, colour); s.addColorStop(1, '#e8e2d4'); g.fillStyle = s; g.fillRect(0, 0, w, h);
        g.fillStyle = '#5b4a32'; g.beginPath(); g.ellipse(w * .55, h * .35, w * .22, h * .16, .4, 0, 7); g.fill();
        return c.toDataURL('image/jpeg', .8) }""",
        [width, height, colour],
    )
    made.close()
    import base64

    plain_jpeg = base64.b64decode(encoded.partition(",")[2])
    return with_position(plain_jpeg) if position else plain_jpeg


def with_position(picture: bytes) -> bytes:
    """The JPEG with an EXIF block that says where it was taken: 31°13'49" N, 121°28'25" E."""
    assert picture[:2] == b"\xff\xd8"

    def entry(tag: int, kind: int, count: int, value: bytes) -> bytes:
        return struct.pack(">HHI", tag, kind, count) + value.ljust(4, b"\0")

    gps_at = 8 + 2 + 2 * 12 + 4
    data_at = gps_at + 2 + 4 * 12 + 4
    make = b"Prober\0"
    first = struct.pack(">H", 2) + entry(0x010F, 2, len(make), struct.pack(">I", data_at + 48))
    first += entry(0x8825, 4, 1, struct.pack(">I", gps_at)) + struct.pack(">I", 0)
    gps = struct.pack(">H", 4) + entry(1, 2, 2, b"N\0") + entry(2, 5, 3, struct.pack(">I", data_at))
    gps += entry(3, 2, 2, b"E\0") + entry(4, 5, 3, struct.pack(">I", data_at + 24)) + struct.pack(">I", 0)
    where = struct.pack(">6I", 31, 1, 13, 1, 49, 1) + struct.pack(">6I", 121, 1, 28, 1, 25, 1)
    body = b"Exif\0\0" + b"MM\0*" + struct.pack(">I", 8) + first + gps + where + make
    return picture[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + picture[2:]


def has_position(picture: bytes) -> bool:
    """Whether a JPEG has any EXIF block left."""
    return b"Exif\0\0" in picture or b"Prober" in picture


__all__ = [n for n in dir() if not n.startswith("_")]
