"""Where stories are played: a running stack, its people making their moves through the services, its clock.

Every report has a mark and every move a key of its own: a play that was cut off goes on where it was.
"""

from __future__ import annotations

import time
import urllib.parse
import urllib.request
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import blake2b
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from chalicelib.adapters import objects
from chalicelib.adapters import time as clock
from chalicelib.adapters.aws import client
from chalicelib.adapters.ids import ulid
from chalicelib.adapters.policies import policy
from chalicelib.adapters.settings import settings
from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.letter import LetterKind
from chalicelib.domain.contractor.words import Sent
from chalicelib.domain.money.batch import Batch
from chalicelib.domain.money.deduction import Deduction
from chalicelib.domain.record.command import MARKED, Command
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.reference import parts
from chalicelib.domain.record.roles import Role, role_in
from chalicelib.domain.ticket.command import ANSWERS, answered
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.record import record
from chalicelib.services.ticket import report as reporting
from chalicelib.services.ticket.report import Report
from chalicelib.store import people

Record = TypeVar("Record", Ticket, Case, Deduction, Batch)
ZONE = ZoneInfo("Asia/Shanghai")
WAIT_SECONDS, LOOK_SECONDS = 120.0, 0.2
WIDTH, HEIGHT = 160, 120
SIGNED = "AUBa_BpDq_g_gj_BpI.CCA8_i_gogM_gn"  # strokes, as a page draws them
OURS = "demo/"  # the moves' keys begin so
OWNER = Actor("reporter", Role.OWNER)
PAPER = b"""%%PDF-1.4
%% %s
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
%%%%EOF
"""


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A time of the demo's year, where it plays."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


class PlayFailed(Exception):
    """What should have followed never did; the text says of which story."""


@dataclass(frozen=True, slots=True)
class Story:
    """A ticket: where, about what, in whose words; `name` says what has become of it."""

    name: str
    place: str
    category: str
    component: str
    words: str
    phone: str
    at: datetime
    photo: bool = False

    @property
    def salt(self) -> bytes:
        return blake2b(self.name.encode(), digest_size=10).digest()


@dataclass
class Stage:
    """The stack of the environment, and the tickets of the stories that were told there."""

    tickets: dict[str, str] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    deductions: dict[str, str] = field(default_factory=dict)

    def until(self, at: datetime) -> None:
        """Move the clock, and let everything happen that fell due."""
        body = urllib.parse.urlencode({"to": at.isoformat()}).encode()
        asked = urllib.request.Request(f"{settings().public_url}/_advance", body, {"Accept": "application/json"})
        urllib.request.urlopen(asked, timeout=WAIT_SECONDS).close()

    def report(self, *stories: Story) -> None:
        """Owners report, some with a photo; until somebody has each ticket, and its case stands where one is owed."""
        for story in stories:
            mark = ulid(story.at, story.salt)
            ticket = reporting.ticket_id(mark)
            sent = Report(
                mark,
                story.place,
                category=story.category,
                component=story.component,
                words=story.words,
                phone=story.phone,
                photos=[self.photo(ticket, story)] if story.photo else [],
                consent=True,
            )
            self.tickets[story.name] = self.take(sent)
        for story in stories:
            there = self.wait(story, _settled)
            self.cases[story.name] = next(iter(there.cases.values()), "")

    def take(self, sent: Report) -> str:
        """The ticket of a report."""
        return reporting.take(sent, clock.now()).ticket.id

    def photo(self, of: str, story: Story, what: str = "before") -> str:
        """Upload a picture for a ticket or case, as a phone does; the name by which a record says it."""
        upload = ulid(story.at, blake2b(f"{story.name}/{what}".encode(), digest_size=10).digest())
        body = picture(blake2b(upload.encode(), digest_size=4).digest(), wet=what != "after", paper=what == "waybill")
        self.upload(f"{objects.INBOX}{parts(of)[1]}/{upload}", body)
        return f"/{upload}"

    def upload(self, key: str, body: bytes, kind: str = "image/png") -> None:
        """Put a picture or a paper into the inbox."""
        client("s3").put_object(Bucket=settings().inbox, Key=key, Body=body, ContentType=kind)

    def paper(self, story: Story, what: str) -> str:
        """Upload a PDF of one empty page for its deduction, as a page does; the name by which a move says it."""
        upload = ulid(story.at, blake2b(f"{story.name}/{what}".encode(), digest_size=10).digest())
        body = PAPER % f"{story.name} {what}".encode()
        self.upload(f"{objects.SCANS}{parts(self.deductions[story.name])[1]}/{upload}", body, "application/pdf")
        return upload

    def ticket(self, story: Story) -> Ticket:
        found: Ticket = record.load(self.tickets[story.name], consistent=True)
        return found

    def case(self, story: Story) -> Case:
        found: Case = record.load(self.cases[story.name], consistent=True)
        return found

    def do(self, story: Story, move: str, by: str | Actor, words: str = "", **data: Any) -> None:
        """A move on the ticket. `photos`, `signature` are said; all else are facts."""
        if move in ANSWERS:
            ticket = self.ticket(story)
            if made(ticket, move):
                return
            data["of"] = answered(ticket, move)
        self._make(self.tickets[story.name], move, by, words, data)

    def on_case(self, story: Story, move: str, by: str, words: str = "", **data: Any) -> None:
        """A move on its case."""
        self._make(self.cases[story.name], move, by, words, data)

    def deduction(self, story: Story) -> Deduction:
        """What was begun of its case, as it is."""
        if story.name not in self.deductions:
            case = self.wait_case(story, lambda now: now.deductions)
            self.deductions[story.name] = next(iter(case.deductions.values()))
        found: Deduction = record.load(self.deductions[story.name], consistent=True)
        return found

    def on_deduction(self, story: Story, move: str, by: str, words: str = "", **data: Any) -> None:
        """A move on its deduction."""
        self._make(self.deduction(story).id, move, by, words, data)

    def wait_deduction(self, story: Story, holds: Callable[[Deduction], object]) -> Deduction:
        """Until the deduction is so. Raises PlayFailed."""
        return self.until_so(story.name, lambda: self.deduction(story), holds)

    def _make(self, reference: str, move: str, by: str | Actor, words: str, data: dict[str, Any]) -> None:
        actor = by if isinstance(by, Actor) else actor_of(by)
        said: dict[str, Any] = {name: data.pop(name) for name in ("photos", "signature") if name in data}
        said |= {"words": words} if words else {}
        record.perform(Command(move, actor, data, said, f"{OURS}{actor.id}/{move}"), reference, clock.now())

    def wait(self, story: Story, holds: Callable[[Ticket], object]) -> Ticket:
        """Until the ticket is so. Raises PlayFailed."""
        return self.until_so(story.name, lambda: self.ticket(story), holds)

    def wait_case(self, story: Story, holds: Callable[[Case], object]) -> Case:
        """Until the case is so. Raises PlayFailed."""
        return self.until_so(story.name, lambda: self.case(story), holds)

    def until_so(self, name: str, load: Callable[[], Record], holds: Callable[[Record], object]) -> Record:
        """Load something until it is so. Raises PlayFailed."""
        until = time.monotonic() + WAIT_SECONDS
        while not holds(found := load()):
            if time.monotonic() > until:
                raise PlayFailed(f"{name}: {found.id} is {found.state.value} and stays so")
            time.sleep(LOOK_SECONDS)
        return found

    # what several of them do

    def inspect(
        self, story: Story, cause: str, shares: Sequence[Sequence[object]], words: str, until: datetime | None = None
    ) -> None:
        """Whoever has the ticket goes there and finds what it is; `until`: by when the owner agrees to have it done."""
        ticket = self.ticket(story)
        if made(ticket, "find"):
            return
        self.do(story, "acknowledge", ticket.holder, contacted="phone")
        self.do(story, "arrive", ticket.holder)
        if until:
            plan = "由责任单位重做防水，期间请注意用水。"
            self.do(story, "propose_plan", ticket.holder, plan, until=until.isoformat())
            self.do(story, "agree_plan", OWNER)
        photo = self.photo(ticket.id, story, "found")
        self.do(story, "find", ticket.holder, words, cause=cause, shares=shares, photos=[photo])

    def repair(self, story: Story, words: str, team: str = "") -> None:
        """Whoever has the ticket, of `team` where it has to come there first, comes and repairs it."""
        ticket = self.wait(story, lambda now: not team or now.team == team or made(now, "complete"))
        if made(ticket, "complete"):
            return
        self.do(story, "arrive", ticket.holder)
        photo = self.photo(ticket.id, story, "after")
        done = list(policy().categories[story.category].checklist)
        self.do(story, "complete", ticket.holder, words, done=done, photos=[photo])

    def post(self, story: Story, by: str, waybill: str) -> None:
        """The reminder went by EMS and was signed for."""
        case = self.case(story)
        self._posted(story, case.id, case.letter(LetterKind.REMINDER), by, waybill)

    def post_deduction(self, story: Story, by: str, waybill: str) -> None:
        """So did the notice of a deduction."""
        one = self.deduction(story)
        self._posted(story, one.id, one.letter, by, waybill)

    def _posted(self, story: Story, reference: str, letter: Sent | None, by: str, waybill: str) -> None:
        assert letter is not None
        scan = self.photo(reference, story, "waybill")
        facts = {"letter": letter.number, "how": "ems_signed", "at": letter.at.isoformat(), "waybill": waybill}
        facts |= {"contents": f"{letter.number} 函件"}
        self._make(reference, "prove_delivery", by, "", facts | {"photos": [scan]})


def made(ticket: Ticket, move: str) -> bool:
    """Whether the stories made a move on it already."""
    keys = (event.key.partition(MARKED)[0] for event in ticket.events)
    return any(key.startswith(OURS) and key.endswith(f"/{move}") for key in keys)


def _settled(ticket: Ticket) -> bool:
    """Whether it was given to somebody, was judged, and has the cases that it owes."""
    given = any(event.kind in ("assigned", "routed_to_desk") for event in ticket.events)
    return given and bool(ticket.verdict) and not ticket.cases_due


@cache
def actor_of(who: str) -> Actor:
    """Somebody of the register, in the role of their team."""
    staff = people.get(who)
    role = role_in(staff.person.team) if staff else None
    if role is None:
        raise PlayFailed(f"{who} is nobody")
    return Actor(who, role)


def picture(seed: bytes, *, wet: bool, paper: bool = False) -> bytes:
    """A PNG as stands for a photo: a wall, with a stain where it is wet; or a sheet of paper. Another for each seed."""
    a, b, c, d = seed
    wall, stain = bytes((228 + a % 12, 224 + b % 9, 214)), bytes((110 + c % 40, 100 + d % 30, 90))
    x0, y0, size = 50 + a % 60, 40 + b % 40, 24 + c % 20 if wet else 1 + c % 2
    rows = []
    for y in range(HEIGHT):
        reach = 0 if paper else size * size - (y - y0) ** 2
        half = int(max(reach, 0) ** 0.5)
        line = wall * (x0 - half) + stain * (2 * half) + wall * (WIDTH - x0 - half)
        rows.append(b"\0" + (stain * WIDTH if paper and y % 12 == d % 12 else line))
    rows[0] = b"\0" + seed * (3 * WIDTH // len(seed))
    header = WIDTH.to_bytes(4, "big") + HEIGHT.to_bytes(4, "big") + bytes((8, 2, 0, 0, 0))
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")
