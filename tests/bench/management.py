"""A manager's pages: calls, size and our own CPU time of each, in memory; the same with ten years of months behind it.

The time of a report's PDF and workbook is that of the function that makes them, once it is warm.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.bench.cloud import ENVIRONMENT
from tests.bench.figures import figure

YEARS = 10


@contextmanager
def stage() -> Iterator[tuple[Any, dict[str, str]]]:
    """The world, and the addresses of a manager's pages by name."""
    os.environ.update(ENVIRONMENT)
    from tests.services.measures.test_improving import plan
    from tests.services.measures.year import MONTH, link, year
    from tests.world import world

    with world() as here:
        ticket = year(here)
        one = plan(here)
        group, project = link("m9"), link("m1")
        yield (
            here,
            {
                "manager's screen, group": f"{group}?month={MONTH}",
                "manager's screen, project": f"{project}?month={MONTH}",
                "tickets behind a number": f"{project}/tickets?m=satisfaction&month={MONTH}",
                "a manager's ticket": f"{project}/ticket/{ticket.id}",
                "improvement action": f"{project}/action/{one.id.partition('#')[2]}",
            },
        )


def history(here: Any) -> None:
    """Ten years of months more, and as many actions as that: a screen reads none of them."""
    from chalicelib.adapters.ids import ulid
    from chalicelib.services.ticket.ended import beside
    from chalicelib.store import measures
    from chalicelib.store.table import Put
    from tests.services.measures.year import MONTH

    newest = measures.month("group", MONTH)
    assert newest
    row = next(iter(here.table.query("ACTIONED#project#P1").rows))
    for n in range(13, YEARS * 12):
        measures.keep(measures.Month("group", beside(MONTH, -n), newest.figures))
        for scope in ("group", "project#P1"):
            here.table.write(Put({**row, "pk": f"ACTIONED#{scope}", "sk": ulid(here.at, n.to_bytes(10, "big"))}))


def run() -> None:
    from app import app
    from chalicelib.services.measures import monthly
    from chalicelib.store import table
    from tests.bench.crowd import Counted
    from tests.bench.requests import Canned, cpu_ms
    from tests.bench.web import ask, event
    from tests.typeset import use_faces

    with stage() as (here, pages):
        for grown in (False, True):
            if grown:
                history(here)
            for name, address in pages.items():
                counted = Counted(here.table)
                table.use(counted)
                for _ in range(2):
                    counted.calls = 0
                    answer = ask(app, "GET", address)
                    assert answer["statusCode"] == 200, (name, answer["statusCode"], answer["body"][:300])
                after = f", {YEARS} years" if grown else ""
                figure(f"SDK calls: {name}{after}", counted.calls, "calls", "<= 3")
                if "screen" in name:
                    figure(f"size: {name}{after}", len(answer["body"].encode()) / 1000, "kB", "<= 60")
                table.use(Canned(here.table))
                took = cpu_ms(app, lambda address=address: event(app, "GET", address), 200)  # type: ignore[misc]
                figure(f"own CPU of a request, p50: {name}{after}", took, "ms", "<= 1")
            table.use(here.table)
        use_faces()
        for scope in ("project#P1", "group"):
            start = time.perf_counter()
            assert monthly.make(f"2026-02/{scope}", here.at) == monthly.MADE
            took = time.perf_counter() - start
        figure("report of a month: PDF and workbook", took, "s", "<= 1")
