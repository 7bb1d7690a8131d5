"""Safe from the start: reading changes nothing, a link that opens nothing says nothing, two people at once are told."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
import requests
from playwright.sync_api import expect

from app import app
from chalicelib.adapters.ids import ulid
from infra.seed.demo import demo
from tests.e2e.play import Play, has_position, jpeg, token_in, zh

PRIVATE_PATHS = ("/o/", "/t/", "/w/", "/d/", "/k/", "/b/", "/f/", "/g/", "/a/")
TIMER = ("armed", "gen")
NO_PAGES_DOING = ("SLOW#", "WALK#")
A_STANDSTILL = 0.01  # simulated seconds in a second
SHOWN, NOT_THERE = (200, 303), (303, 404)
PERHAPS = (
    "/claims/{move}",
    "/photo/{n}",
    "/draft",
    "/file",
    "/people",
    "/claims",
    "/scores",
    "/tickets",
)  # not for everybody
CONTRACT = next(str(row["code"]) for row in demo()["contracts"] if row["company"] == "C-HD")


@dataclass
class Opens:
    """Live links of one ticket, and whatever a route's address asks for beside them."""

    ticket: str
    own: str
    work: str
    staff: str
    desk: str
    office: str
    company: str
    finance: str
    manager: str
    auditor: str
    case: str

    def addresses(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Every GET route, filled in with what opens it; and how it may answer."""
        tokens = {"/o": self.own, "/t": self.work, "/w": self.staff, "/d": self.desk, "/b": self.office}
        tokens |= {"/k": self.company, "/f": self.finance, "/g": self.manager, "/a": self.auditor}
        known = {"ticket": self.ticket, "case": self.case, "company": "C-HD", "contract": CONTRACT, "move": "note"}
        known |= {"n": "0", "name": "app.css", "proxy+": "nowhere/at/all"}
        others = {"number": "HY-2026-0001", "ending": "pdf", "sum": "0" * 64}
        for path, methods in app.routes.items():
            if "GET" in methods:
                named = set(re.findall(r"{([^}]+)}", path)) - {"token"}
                filled = path.replace("{token}", tokens.get(path[:2], ""))
                for name in named:
                    filled = filled.replace(f"{{{name}}}", known.get(name) or others.get(name) or self.case)
                if path[:2] not in tokens or path.endswith(PERHAPS) or path.startswith("/a/{token}/"):
                    answers: tuple[int, ...] = (*SHOWN, 404)  # the auditor opens what a finding names
                else:
                    answers = SHOWN if named <= known.keys() else NOT_THERE
                yield filled + ("?place=YS-2-2-301" if path == "/d/{token}/unit" else ""), answers
        for address in (
            "/report?p=YS-2-2-301",
            "/report?in=YS-2",
            "/report?q=%E4%BA%91",
            f"/d/{self.desk}?part=lines&show=late",
            f"/d/{self.desk}/new?place=YS-2-2-301",
            f"/w/{self.staff}?late=1&priority=urgent",
            f"/o/{self.own}?done=cancel&lang=en",
            f"/t/{self.work}?done=complete",
        ):
            yield address, SHOWN


@pytest.fixture
def opens(play: Play, links: dict[str, str]) -> Opens:
    leak = play.sent_report("LW-A-1104", "卫生间漏水", category="water_leak", component="bathroom")
    of = play.ticket_id(leak.number)
    opened = play.eventually(lambda: [i for i in play.items("CASE#") if of in json.dumps(i)], "the case of a leak")
    case = str(opened[0]["pk"]["S"]).partition("#")[2]
    play.advance(minutes=62)  # by then the notice has gone by itself: its company sees it
    play.eventually(lambda: "letter_delivered" in json.dumps(play.items(f"CASE#{case}")), "the letter by mail", 60)
    ticket = play.sent_report("YS-2-2-301", "厨房水管漏水", photos=ulid(play.stack.now()))
    link, phone = play.work_link(ticket)
    return Opens(
        play.ticket_id(ticket.number),
        token_in(ticket.link),
        token_in(link),
        token_in(links[play.code_of(phone)]),
        token_in(links["YS-D1"]),
        token_in(links["HD-O1"]),
        token_in(links["C-HD.A1"]),
        token_in(links["E-YS-F1"]),
        token_in(links["GROUP-M1"]),
        token_in(links["GROUP-A1"]),
        case,
    )


def kept(play: Play) -> dict[str, str]:
    """Everything in the table but the counters that slow hammering down, whose timer runs out when, and marks of walks.

    A timer of another journey's ticket that runs out is set anew, and nothing else happens; the schedule's sweep, which
    goes by the machine's clock, notes that it looked. Neither is a page's doing.
    """
    return {
        f"{item['pk']['S']}/{item['sk']['S']}": json.dumps(
            {k: v for k, v in item.items() if k not in TIMER}, sort_keys=True
        )
        for item in play.items("")
        if not item["pk"]["S"].startswith(NO_PAGES_DOING)
    }


def differences(before: dict[str, str], after: dict[str, str]) -> dict[str, tuple[str | None, str | None]]:
    """What was there before and is there after, by its key, of all that is not the same."""
    keys = sorted({*before, *after})
    return {key: (before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)}


def at_rest(play: Play) -> dict[str, str]:
    """The table when everything that was on its way has arrived."""
    before: dict[str, str] = {}

    def rests() -> bool:
        nonlocal before
        arrived = not play.stack.emulator.work()
        now = kept(play)
        same, before = now == before, now
        return arrived and same and not play.stack.emulator.work()

    play.eventually(rests, "the table rests", 60)
    return before


def test_getting_or_heading_every_route_twice_changes_nothing(play: Play, opens: Opens) -> None:
    with play.stack.anchor.slowed(A_STANDSTILL):  # what falls due meanwhile is no page's doing
        before, sent = at_rest(play), len(play.stack.mailbox())
        wrong = list(answered_otherwise(play, opens))
        assert wrong == []
        assert differences(before, at_rest(play)) == {}
        assert len(play.stack.mailbox()) == sent


def answered_otherwise(play: Play, opens: Opens) -> Iterator[tuple[str, int]]:
    """Addresses, without what is secret in them, that don't answer as they should, and how they do."""
    session = requests.Session()
    for n, (address, answers) in enumerate(opens.addresses()):
        session.headers["X-Forwarded-For"] = f"203.0.113.{n % 250}"  # what is not there counts as a guess
        for method in ("GET", "HEAD", "GET", "HEAD"):
            answer = session.request(method, play.stack.url + address, allow_redirects=False, timeout=30)
            if method == "GET":
                shut = address.endswith(("/people", "/claims")) and address[:2] in ("/t", "/w")  # for desks alone
                shut = shut or address.startswith(("/nowhere", "/m/", "/l/", "/s/", "/q/"))
                expected = (404,) if shut else answers
                if address.startswith("/finance/"):
                    expected = (200,) if address.endswith(".json") else (401,)  # a key is needed, and none is shown
                if address.startswith("/f/"):
                    expected = (401,)  # a code is asked for first, whatever is named
                if answer.status_code not in expected:
                    yield re.sub(r"[\w-]{20,}", "…", address), answer.status_code


def test_every_page_carries_its_protection(play: Play, opens: Opens) -> None:
    session = requests.Session()
    addresses = [
        *(address for address, _ in opens.addresses()),
        "/o/" + "A" * 22,
        "/w/nothing",
        "/d/" + "B" * 22 + "/x",
    ]
    for n, address in enumerate(addresses):
        session.headers["X-Forwarded-For"] = f"203.0.113.{n % 250}"
        answer = session.get(play.stack.url + address, allow_redirects=False, timeout=30)
        carried = {name.lower(): value for name, value in answer.headers.items()}
        where = "/".join(address.split("/")[:2])
        policy = carried.get("content-security-policy", "")
        if address == "/health" or address.startswith("/finance/"):  # JSON for programs: no page
            assert carried["cache-control"] == "no-store"
            continue
        assert "default-src 'none'" in policy, where
        assert "unsafe" not in policy, where
        assert "frame-ancestors 'none'" in policy, where
        assert "base-uri 'none'" in policy, where
        assert carried["referrer-policy"] == "no-referrer", where
        assert carried["x-content-type-options"] == "nosniff", where
        assert "max-age=" in carried["strict-transport-security"], where
        if address.startswith(PRIVATE_PATHS):
            assert carried["cache-control"] == "no-store", where
        if carried["content-type"].startswith("text/html"):
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:", answer.text), where


def test_wrong_and_foreign_links_all_give_one_page_and_one_that_was_lost_says_so(
    play: Play, opens: Opens, links: dict[str, str]
) -> None:
    other = play.sent_report("LW-A-601", "次卧插座没电")
    foreign, _ = play.work_link(other)
    before = play.stack.now()
    elsewhere = play.ticket_id(other.number)
    # revoked: the desk gives it to somebody else
    _, people = play.fetched(f"{links['LW-D1']}/{elsewhere}/people")
    person, of = (re.search(rf'name="{name}" value="([^"]+)"', people) for name in ("person", "of"))
    assert person
    assert of
    status, _, body = play.post(
        f"{links['LW-D1']}/{elsewhere}/assign", person=person[1], of=of[1], key="assign-" + other.digits
    )
    assert status == 303, body
    assert play.work_link(other, after=before)
    revoked = token_in(foreign)
    dead = [
        f"/t/{opens.own}",
        f"/o/{opens.work}",
        f"/o/{opens.staff}",
        f"/w/{opens.work}",
        f"/d/{opens.staff}",
        f"/d/{opens.work}",
        f"/w/{opens.staff}/{elsewhere}",
        f"/d/{opens.desk}/{elsewhere}",
        f"/w/{opens.staff}/{secrets.token_hex(13).upper()}",
        f"/o/{opens.own[:-1]}",
        f"/o/{opens.own}A",
        f"/o/{secrets.token_urlsafe(16)}",
        f"/o/{secrets.token_urlsafe(16)}/sheet",
        f"/t/{secrets.token_urlsafe(16)}",
        f"/w/{secrets.token_urlsafe(16)}",
        f"/d/{secrets.token_urlsafe(16)}",
    ]
    assert play.is_passed_on(f"/t/{revoked}"), "who had it hears that somebody else has it"
    wrong = play.wrong_page()
    assert wrong[0] == 404
    assert zh("Send me a new link") in wrong[1]
    for address in dead:
        assert play.fetched(address) == wrong, re.sub(r"[\w-]{20,}", "…", address)
    for address in (f"/o/{opens.work}/cancel", f"/d/{opens.desk}/{elsewhere}/cancel"):
        status, _, body = play.post(address, key="0123456789")
        assert (status, body) == wrong, re.sub(r"[\w-]{20,}", "…", address)


def test_whoever_guesses_links_is_slowed_and_honest_links_go_on(play: Play, opens: Opens) -> None:
    session = requests.Session()
    session.headers["X-Forwarded-For"] = play.address
    answers = [
        session.get(f"{play.stack.url}/o/{secrets.token_urlsafe(16)}", timeout=30).status_code for _ in range(45)
    ]
    assert answers[0] == 404
    assert answers[-1] == 429
    assert session.get(f"{play.stack.url}/o/{opens.own}", timeout=30).status_code == 200


def test_a_hammered_form_is_slowed_and_keeps_what_was_typed(play: Play) -> None:
    unit = "LW-A-701"
    phone = "13900000701"  # registered nowhere: who lives there may report more often
    page = play.fetched(f"/report?p={unit}")[1]
    mark = re.search(r'name="mark" value="(\w+)"', page)
    assert mark
    fields = {"place": unit, "kind": "repair", "reporter": "owner", "phone": phone, "consent": "yes", "seen": "1"}
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    statuses = []
    for n in range(9):
        fields |= {"mark": mark[1][:-1] + letters[n], "words": f"第{n}次:灯坏了"}
        status, _, body = play.post("/report", **fields)
        statuses.append(status)
    assert statuses[:6] == [303] * 6
    assert statuses[-1] == 429
    assert "第8次:灯坏了" in body
    play.advance(hours=1)
    assert play.post("/report", **fields)[0] == 303, "an honest report is only late"


def test_two_who_make_the_same_move_at_once_give_one_move_and_one_answer(play: Play, opens: Opens) -> None:
    gate = Barrier(2)

    def press(key: str) -> requests.Response:
        gate.wait()
        return requests.post(
            f"{play.stack.url}/t/{opens.work}/acknowledge",
            data={"key": f"{key}-{opens.ticket}"},
            headers={"X-Forwarded-For": play.address},
            allow_redirects=False,
            timeout=30,
        )

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(press, ("first", "second")))
    assert sorted(a.status_code for a in answers) == [303, 409]
    refused = next(a for a in answers if a.status_code == 409).content.decode()
    assert zh("Last:") in refused
    parts = [item for key, item in kept(play).items() if key.startswith(f"TICKET#{opens.ticket}/EVENT#")]
    assert sum("acknowledged" in part for part in parts) == 1


def test_two_people_on_one_ticket_see_what_the_other_did(play: Play, links: dict[str, str]) -> None:
    ticket = play.sent_report("YS-2-2-401", "卧室灯闪")
    link, _ = play.work_link(ticket)
    technician = play.open(play.phone(), link)
    desk = play.open(play.desktop(), f"{links['YS-D1']}/{play.ticket_id(ticket.number)}")
    owner = play.open(play.phone(), ticket.link)
    play.do(technician, "contact")
    play.do(desk, "contact", stays=True)
    expect(desk.locator("#outbox .refused")).to_contain_text(zh("Last:"))
    play.look(desk)
    # a note is legal whoever was first
    play.do(technician, "note", words="已联系,下午去")
    play.do(owner, "note", words="下午三点后在家")
    play.do(owner, "cancel", words="不用了")
    play.do(technician, "acknowledge", stays=True)
    expect(technician.locator("#outbox .refused, [role=alert]").first).to_be_visible()
    assert "acknowledged" not in play.kinds(ticket.number)


def test_a_photo_sent_as_the_camera_wrote_it_is_shown_without_its_position(play: Play) -> None:
    ticket = play.sent_report("YS-2-2-501", "厨房灯闪")
    photo = jpeg(play.phone())
    assert has_position(photo)
    uploads = []
    for content in (photo, b"MZ" + b"not a picture" * 100):
        here = {"ticket": play.ticket_id(ticket.number)}
        headers = {"X-Forwarded-For": play.address}
        asked = requests.post(f"{play.stack.url}/photos", data=here, headers=headers, timeout=30).json()
        sent = requests.post(asked["url"], data=asked["fields"], files={"file": ("photo.jpg", content)}, timeout=30)
        assert sent.status_code < 300
        uploads.append(asked["id"])
    session = requests.Session()
    session.headers["X-Forwarded-For"] = play.address
    fields = [("key", "photo-" + ticket.digits), ("words", "见照片"), *(("photos", upload) for upload in uploads)]
    assert session.post(ticket.link + "/note", data=fields, allow_redirects=False, timeout=30).status_code == 303

    def shown(n: int) -> bytes | None:
        answer = session.get(f"{ticket.link}/photo/{n}", timeout=30)
        return None if "svg" in answer.headers["Content-Type"] else answer.content

    kept = play.eventually(lambda: shown(0), "the photo to be checked")
    assert kept[:2] == b"\xff\xd8"
    assert not has_position(kept)
    assert shown(1) is None, "what is no picture is never shown"
    buckets = play.stack.client("s3")
    raw = [o["Key"] for o in buckets.list_objects_v2(Bucket=play.stack.outputs["Inbox"]).get("Contents", [])]
    assert not [key for key in raw if uploads[0] in key], "nothing is left in the inbox"
