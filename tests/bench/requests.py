"""Our own CPU time of a request: event in, answer out, through Chalice, with a store that answers from memory at once.

The store remembers what each read gave the first time and takes every write without looking, so that what is left is
ours: routing, access, the domain, the page.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from tests.bench.cloud import ENVIRONMENT
from tests.bench.figures import figure

ROUNDS = 400


class Canned:
    """A store of canned answers. Reads are asked of `real` once; writes are believed."""

    def __init__(self, real: Any) -> None:
        self.real = real
        self.known: dict[Any, Any] = {}

    def _ask(self, name: str) -> Callable[..., Any]:
        def ask(*args: Any, **kwargs: Any) -> Any:
            key = (name, *map(_still, args), *((k, _still(v)) for k, v in kwargs.items()))
            if key not in self.known:
                self.known[key] = getattr(self.real, name)(*args, **kwargs)
            return self.known[key]

        return ask

    def __getattr__(self, name: str) -> Any:
        return self._ask(name)

    def write(self, write: Any) -> Any:
        return None

    def transact(self, writes: Sequence[Any], token: str = "") -> None:
        return None


def _still(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(value.items())
    return tuple(value) if isinstance(value, (list, set)) else value


OPEN = 60  # tickets: more than a page of each list


def world() -> tuple[Any, Any, dict[str, str]]:
    """The app, the table in memory with tickets that are assigned, and the pages of one of them by sort of link."""
    os.environ.update(ENVIRONMENT)
    from chalicelib.adapters import time as source
    from tests.bench import life

    source.now = lambda: life.START + timedelta(minutes=20)  # before anybody imports it by name
    from app import app
    from chalicelib.services.access import access
    from chalicelib.store import grants, people, table, tickets
    from tests.bench.crowd import crowd, unplugged
    from tests.bench.group import PROJECT

    unplugged()
    twin, _ = crowd(OPEN)
    table.use(twin)
    lines, _next = tickets.queue(f"{PROJECT}/desk", limit=1)
    held = lines[0]
    own, one = access.own_grant(held.id), access.ticket_grant(held.id, held.line["h"])
    links = {"own": f"/o/{access.token(own)}", "staff": f"/t/{access.token(one)}"}
    for name, root, who in (("work", "w", held.line["h"]), ("desk", "d", f"{PROJECT}-desk-1")):
        found = people.get(who)
        assert found is not None
        grant = access.staff_grant(found.id, found.person.team, found.link)
        grants.put(grant, access.hash_of(access.token(grant)))
        links[name] = f"/{root}/{access.token(grant)}"
    for given in (own, one):
        grants.put(given, access.hash_of(access.token(given)))
    links["ticket"] = f"{links['desk']}/{held.id}"
    return app, twin, links


def cases(app: Any, links: dict[str, str]) -> Iterator[tuple[str, Callable[[], dict[str, Any]], int]]:
    """(name, the next event, the status it is answered with): the main page of every family, a report, a move."""
    from chalicelib.adapters.ids import ulid
    from chalicelib.adapters.time import now
    from tests.bench import group, life
    from tests.bench.web import event

    pages = {
        "form": f"/report?p={group.UNIT}",
        "owner's page": links["own"],
        "staff page": links["staff"],
        "my work": links["work"],
        "desk queue": links["desk"],
        "desk ticket": links["ticket"],
        "late page": f"{links['staff']}/late",
        "code page": "/c",
    }
    for name, address in pages.items():
        yield name, partial(event, app, "GET", address), 200
    yield "report", lambda: event(app, "POST", "/report", life.report_form(now())), 303

    def move() -> dict[str, Any]:
        start = now() + timedelta(hours=2)
        window = ("w", f"{start.isoformat()}/{(start + timedelta(hours=1)).isoformat()}")
        return event(app, "POST", f"{links['staff']}/acknowledge", [("key", ulid(now())), window])

    yield "move", move, 303


def cpu_ms(app: Any, make: Callable[[], dict[str, Any]], status: int, rounds: int = ROUNDS) -> float:
    """Median CPU time of a request in ms, once the process is warm."""
    from tests.bench.web import Context

    took = []
    for turn in range(rounds + 20):
        asked, context = make(), Context()
        start = time.process_time_ns()
        answer = app(asked, context)
        spent = time.process_time_ns() - start
        assert answer["statusCode"] == status, (answer["statusCode"], answer["body"][:300])
        if turn >= 20:
            took.append(spent)
    return statistics.median(took) / 1e6


def run() -> None:
    from chalicelib.store import table

    app, twin, links = world()
    for name, make, status in cases(app, links):
        table.use(Canned(twin))
        goal = "<= 1" if name in ("report", "move") else "<= 0.9"
        figure(f"own CPU of a request, p50: {name}", cpu_ms(app, make, status), "ms", goal)
