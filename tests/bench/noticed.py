"""The deployed stack on this machine: how soon a contractor has the message of its notice, once the finding is sent.

Each life is another flat's leak, inspected on site. The finding is sent by its form, then the notice by the office's:
what the office takes to read it is not in it; all else is, the function with its layer that sets the letter too.
"""

from __future__ import annotations

import http.client
import os
import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.bench.figures import LOCAL, figure, keep

LIVES = 40
WAIT_SECONDS, LOOK_SECONDS = 20, 0.02
HOUSE = "YS-3"  # each of its flats is of the contract
COMPANY, CONTRACT, OFFICE = "C-MO", "YS-FS", "BJ-O1"


def run() -> None:
    from infra.local.anchor import DEMO_START
    from infra.local.run import load
    from infra.local.stack import Stack

    LOCAL.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=LOCAL, prefix="bench-") as folder,
        Stack.start(Path(folder), out=LOCAL / "bench-out") as stack,
    ):
        load(stack)
        stack.advance(to=DEMO_START + timedelta(hours=1))
        os.environ.update(stack.environment)
        took, letters = _lives(stack)
    keep("bench-noticed.json", {"message": took, "letter": letters})
    each = sorted(took)
    figure(
        f"contractor's notice, from finding to message, p95 of {len(each)}",
        p95(each),
        "s",
        "<= 3",
        p50=round(statistics.median(each), 3),
        worst=round(each[-1], 3),
    )
    figure(f"the same, until the letter's file is kept, p95 of {len(letters)}", p95(sorted(letters)), "s")


def p95(ordered: Sequence[float]) -> float:
    """The nearest rank: at most one in twenty takes longer."""
    return ordered[-(-len(ordered) * 95 // 100) - 1]


def _lives(stack: Any) -> tuple[list[float], list[float]]:
    """Seconds until the message, and until the letter's file is kept, of each life. The first one warms up."""
    from chalicelib.commands.links import token_of
    from chalicelib.services.access import access
    from chalicelib.store import people
    from infra.seed.demo import demo
    from infra.seed.stage import Stage, Story

    stage, homes = Stage(), [str(row["unit"]) for row in demo()["residents"] if str(row["unit"]).startswith(HOUSE)]
    told = [(home, f"water_leak/{part}") for part in ("bathroom", "kitchen") for home in dict.fromkeys(homes)]
    contact = re.sub(r"\D", "", next(str(row["phone"]) for row in demo()["company_people"] if _first(row)))
    desk = people.get(OFFICE)
    assert desk is not None
    office = token_of(desk)
    messages, files = [], []
    for n, (home, about) in enumerate(told[: LIVES + 1]):
        category, _, component = about.partition("/")
        story = Story(f"noticed/{n}", home, category, component, "墙角渗水", f"139999{n:05d}", stack.now())
        stage.report(story)
        ticket = stage.ticket(story)
        stage.do(story, "acknowledge", ticket.holder, contacted="phone")
        stage.do(story, "arrive", ticket.holder)
        photo = stage.photo(ticket.id, story, "found")
        holder = access.token(access.ticket_grant(ticket.id, ticket.holder))
        case = stage.cases[story.name].partition("#")[2]
        found = {
            "cause": "waterproof_layer",
            "who_1": f"contractor:{CONTRACT}",
            "part_1": "100",
            "photos": photo.removeprefix("/"),
        }
        start = time.monotonic()
        _post(f"{stack.url}/t/{holder}/find", {"key": f"find-{n:04d}", "words": "管根开裂", **found})
        _post(f"{stack.url}/b/{office}/{case}/release_notice", {"key": f"release-{n:04d}"})
        number = stage.case(story).letters[0].number
        messages.append(_until(partial(_texts, stack, contact, number), start))
        files.append(_until(partial(_made, stage, story), start))
    return messages[1:], files[1:]


def _first(row: Any) -> bool:
    return (row["company"], row["code"]) == (COMPANY, "A1")


def _texts(stack: Any, phone: str, number: str) -> bool:
    """Whether the contact has a text message that names the letter."""
    sent = stack.emulator.get("/_ministack/sns/sms-messages")["sms_messages"]
    return any(number in one["Message"] for to, some in sent.items() if to.endswith(phone) for one in some)


def _made(stage: Any, story: Any) -> bool:
    """Whether the letter's file is kept."""
    return bool(stage.case(story).letters[0].made)


def _until(holds: Any, start: float) -> float:
    """Seconds since `start` at which it holds."""
    while not holds():
        if time.monotonic() - start > WAIT_SECONDS:
            raise RuntimeError(f"not within {WAIT_SECONDS} s")
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - start


def _post(url: str, fields: dict[str, str]) -> None:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    connection.request("POST", parts.path, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    body = answer.read().decode("utf-8", "replace")
    connection.close()
    assert answer.status == 303, (
        answer.status,
        parts.path.rpartition("/")[2],
        re.findall(r'class="error"[^<]+<', body),
    )
