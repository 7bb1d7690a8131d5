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


def world() -> tuple[Any, Any, str]:
    """The app, the table in memory with a ticket that is assigned, and the path of the technician's page."""
    os.environ.update(ENVIRONMENT)
    from app import app
    from chalicelib.services.access import access
    from chalicelib.services.record import acting, telling
    from chalicelib.services.ticket import report
    from chalicelib.store import memory, table
    from chalicelib.store.table import Put
    from tests.bench import group, life
    from tests.bench.crowd import unplugged

    unplugged()
    twin = memory.MemoryTable()
    table.use(twin)
    for row in group.rows():
        twin.write(Put(row))
    from chalicelib.adapters.time import now
    from chalicelib.services.record.record import load

    made = report.Report(
        **{k: v for k, v in life.report_form(now()) if k not in ("when", "consent", "seen")},  # type: ignore[arg-type]
        consent=True,
    )
    taken = report.take(made, now())
    ticket = taken.ticket
    acting.act_on(ticket.id, 1, now())
    telling.tell(ticket.id, 2, 1, now())
    person = load(ticket.id).holder
    return app, twin, f"/t/{access.token(access.ticket_grant(ticket.id, person))}"


def cases(app: Any, staff: str) -> Iterator[tuple[str, Callable[[], dict[str, Any]], int]]:
    """(name, the next event, the status it is answered with)."""
    from chalicelib.adapters.ids import ulid
    from chalicelib.adapters.time import now
    from tests.bench import group, life
    from tests.bench.web import event

    yield "form", lambda: event(app, "GET", f"/report?p={group.UNIT}"), 200
    yield "report", lambda: event(app, "POST", "/report", life.report_form(now())), 303
    yield "staff page", lambda: event(app, "GET", staff), 200

    def move() -> dict[str, Any]:
        start = now() + timedelta(hours=2)
        window = ("w", f"{start.isoformat()}/{(start + timedelta(hours=1)).isoformat()}")
        return event(app, "POST", f"{staff}/acknowledge", [("key", ulid(now())), window])

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

    app, twin, staff = world()
    for name, make, status in cases(app, staff):
        table.use(Canned(twin))
        figure(f"own CPU of a request, p50: {name}", cpu_ms(app, make, status), "ms", "<= 1")
