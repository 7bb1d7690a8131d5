"""Lists and the ticket's page as the open tickets grow: read units, calls, own CPU at 1,000, 10,000 and 50,000.

All tickets are at one desk and with one technician, which is the worst. In memory; units from the sizes that DynamoDB
would read, projected as the indexes are.
"""

from __future__ import annotations

import os
from typing import Any

from tests.bench.cloud import ENVIRONMENT
from tests.bench.figures import figure, keep

SIZES = (1_000, 10_000, 50_000)
ROUNDS = 60


def measured(app: Any, open_tickets: int) -> dict[str, tuple[float, int, float]]:
    """page → (read units, calls, CPU ms) with so many open tickets."""
    from chalicelib.services import access, dispatch
    from chalicelib.store import grants, people, table, tickets
    from tests.bench.crowd import Counted, crowd, unplugged
    from tests.bench.requests import cpu_ms
    from tests.bench.web import ask, event

    unplugged()
    twin, _ = crowd(open_tickets)
    dispatch.forget()
    lines, _next = tickets.queue(f"{_project()}/desk", limit=1)
    held = lines[0]
    links = {}
    for person in (held.line["h"], f"{_project()}-desk-1"):
        staff = people.get(person)
        assert staff is not None
        grant = access.staff_grant(staff.id, staff.person.team, staff.link)
        grants.put(grant, access.hash_of(access.token(grant)))
        links[staff.person.team.rpartition("/")[2] == "desk"] = access.token(grant)
    pages = {"my work": f"/w/{links[False]}", "queue": f"/d/{links[True]}", "ticket": f"/w/{links[False]}/{held.id}"}
    found = {}
    for name, address in pages.items():
        counted = Counted(twin)
        table.use(counted)
        ask(app, "GET", address)  # rosters and the like are held from here on
        counted.calls, counted.read = 0, 0.0
        answer = ask(app, "GET", address)
        assert answer["statusCode"] == 200, (name, answer["statusCode"])
        read, calls = counted.read, counted.calls
        table.use(twin)
        found[name] = (read, calls, cpu_ms(app, lambda at=address: event(app, "GET", at), 200, ROUNDS))  # type: ignore[misc]
    return found


def _project() -> str:
    from tests.bench.group import PROJECT

    return PROJECT


def run() -> None:
    os.environ.update(ENVIRONMENT)
    from chalicelib.adapters import time as source
    from tests.bench import life

    source.now.__globals__["ANCHOR"] = _anchor(life.START)
    from app import app

    found = {n: measured(app, n) for n in SIZES}
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
