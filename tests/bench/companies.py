"""The desks of a contractor and the warranty office as open cases grow: units and calls at 1,000, 10,000, 50,000.

All cases are one contractor's and one office's, which is the worst: cloned from one that was really opened, in memory.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from tests.bench.figures import figure, keep
from tests.bench.flat import SIZES

PAGE = 25


def run() -> None:
    from tests.world import world

    with world() as here:
        found = _found(here)
    keep("bench-companies.json", found)
    for page in found[SIZES[0]]:
        for i, what in enumerate(("read units", "calls")):
            each = [found[n][page][i] for n in SIZES]
            worst = max(abs(value / each[0] - 1) for value in each) * 100
            figure(f"{page} at 1k, 10k, 50k open cases: change of {what}", worst, "%", "<= 10", values=each)


def _found(here: Any) -> dict[int, dict[str, tuple[float, int]]]:
    """(read units, calls) of each page, at each size."""
    from app import app
    from chalicelib.adapters.ids import ulid
    from chalicelib.commands.links import token_of
    from chalicelib.store import people, table
    from chalicelib.store.table import Put, iso
    from tests.bench.crowd import Counted
    from tests.bench.web import ask
    from tests.services.contractor import scene

    scene.settle(here)
    _, case = scene.opened(here)
    scene.do(here, case, "release_notice", "o1")
    head = here.table.get(case, "HEAD")
    assert head is not None
    pages = {}
    for name, who, home in (("contractor's desk", "C1.k1", "k"), ("warranty office", "o1", "b")):
        staff = people.get(who)
        assert staff is not None
        pages[name] = f"/{home}/{token_of(staff)}"
    found, made = {}, 1
    for size in SIZES:
        for n in range(made, size):
            new = f"CASE#{ulid(here.at + timedelta(milliseconds=n), n.to_bytes(10, 'big'))}"
            here.table.write(Put({**head, "pk": new, "id": new, "by": iso(here.at + timedelta(hours=9, seconds=n))}))
        made = size
        counted = Counted(here.table)
        table.use(counted)
        found[size] = {name: _reads(app, counted, address, ask) for name, address in pages.items()}
        table.use(here.table)
    return found


def _reads(app: Any, counted: Any, address: str, ask: Any) -> tuple[float, int]:
    """What a page reads once rosters and the like are held."""
    for _ in range(2):
        counted.calls, counted.read = 0, 0.0
        answer = ask(app, "GET", address)
        assert answer["statusCode"] == 200, (address, answer["statusCode"])
        assert len(set(re.findall(r"/([0-9A-Z]{26})\b", answer["body"]))) == PAGE, "the list is not full"
    return counted.read, counted.calls
