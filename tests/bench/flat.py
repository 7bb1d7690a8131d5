"""Lists and the ticket's page as the open tickets grow: read units, calls, own CPU at 1,000, 10,000 and 50,000.

All tickets are at one desk and with one technician, which is the worst. In memory; units from the sizes that DynamoDB
would read, projected as the indexes are.
"""

from __future__ import annotations

import os
import statistics
import time
from dataclasses import dataclass, field
from typing import Any

from tests.bench.cloud import ENVIRONMENT
from tests.bench.figures import figure, keep
from tests.bench.group import PROJECT
from tests.bench.requests import Canned
from tests.bench.web import Context, ask, event

SIZES = (1_000, 10_000, 50_000)
ROUNDS = 210


@dataclass
class Size:
    """The pages with so many open tickets: addresses, what they read, and the canned store that answers them."""

    pages: dict[str, str]
    reads: dict[str, tuple[float, int]]
    store: Canned
    took: dict[str, list[int]] = field(default_factory=dict)


def sized(app: Any, open_tickets: int) -> Size:
    from chalicelib.services.access import access
    from chalicelib.services.ticket import dispatch
    from chalicelib.store import grants, people, table, tickets
    from tests.bench.crowd import Counted, crowd, unplugged

    unplugged()
    twin, _ = crowd(open_tickets)
    dispatch.forget()
    lines, _next = tickets.queue(f"{PROJECT}/desk", limit=1)
    held = lines[0]
    links = {}
    for person in (held.line["h"], f"{PROJECT}-desk-1"):
        staff = people.get(person)
        assert staff is not None
        grant = access.staff_grant(staff.id, staff.person.team, staff.link)
        grants.put(grant, access.hash_of(access.token(grant)))
        links[staff.person.team.rpartition("/")[2] == "desk"] = access.token(grant)
    pages = {"my work": f"/w/{links[False]}", "queue": f"/d/{links[True]}", "ticket": f"/w/{links[False]}/{held.id}"}
    reads = {}
    counted = Counted(twin)
    table.use(counted)
    for name, address in pages.items():
        ask(app, "GET", address)  # rosters and the like are held from here on
        counted.calls, counted.read = 0, 0.0
        answer = ask(app, "GET", address)
        assert answer["statusCode"] == 200, (name, answer["statusCode"])
        reads[name] = (counted.read, counted.calls)
    store = Canned(twin)
    table.use(store)
    for address in pages.values():
        ask(app, "GET", address)
    store.real = None  # the twin's own work is none of ours, nor its memory
    return Size(pages, reads, store)


def race(app: Any, sizes: dict[int, Size]) -> dict[int, dict[str, float]]:
    """CPU ms of each page at each size, taking turns."""
    from chalicelib.store import table

    for turn in range(ROUNDS):
        for one in sizes.values():
            table.use(one.store)
            for name, address in one.pages.items():
                asked, context = event(app, "GET", address), Context()
                start = time.process_time_ns()
                app(asked, context)
                if turn >= 10:
                    one.took.setdefault(name, []).append(time.process_time_ns() - start)
    return {n: {p: statistics.median(t) / 1e6 for p, t in one.took.items()} for n, one in sizes.items()}


def run() -> None:
    os.environ.update(ENVIRONMENT)
    from chalicelib.adapters import time as source
    from tests.bench import life

    source.now.__globals__["ANCHOR"] = _anchor(life.START)
    from app import app

    sizes = {n: sized(app, n) for n in SIZES}
    cpu = race(app, sizes)
    found = {n: {p: (*sizes[n].reads[p], round(cpu[n][p], 3)) for p in sizes[n].pages} for n in SIZES}
    keep("bench-flat.json", found)
    for page in found[SIZES[0]]:
        for i, what in enumerate(("read units", "calls", "own CPU")):
            each = [found[n][page][i] for n in SIZES]
            worst = max(abs(value / each[0] - 1) for value in each) * 100
            figure(f"{page} at 1k, 10k, 50k open: change of {what}", worst, "%", "<= 10", values=each)


def _anchor(at: Any) -> str:
    """A clock that stands at the group's Monday."""
    import json
    import tempfile
    from datetime import UTC, datetime

    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
        json.dump({"wall": datetime.now(UTC).isoformat(), "simulated": at.isoformat(), "speed": 1}, file)
    return file.name
