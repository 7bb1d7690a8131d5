"""The rooms of companies and of the warranty office: calls and our own CPU time of each page, in memory.

One contractor has 60 open cases at one office, more than a page of each list; one is silent to gate A, one is a third
party's work. Calls are counted once rosters, names and contracts are kept, the link's own among them; `cold`: before.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from tests.bench.cloud import ENVIRONMENT
from tests.bench.figures import figure

OPEN = 60


@contextmanager
def stage() -> Iterator[tuple[Any, dict[str, str]]]:
    """The world, and the addresses of its pages by name."""
    os.environ.update(ENVIRONMENT)
    from tests.services.contractor import scene
    from tests.typeset import use_faces
    from tests.world import world

    with world() as here:
        use_faces()
        scene.settle(here)
        _, silent = _to_gate(here, scene)
        _, at_work = _to_gate(here, scene)
        scene.do(here, at_work, "pass_gate", "o1")
        scene.do(here, at_work, "engage", "o1", company=scene.THIRD, items=[["membrane", 4500]])
        _, new = scene.opened(here)
        _crowd(here, silent)
        contact, office, third = (scene.own_link(who) for who in ("C1.k1", "o1", "T1.t1"))
        case, work, draft = (one.partition("#")[2] for one in (silent, at_work, new))
        yield (
            here,
            {
                "contractor's desk": f"/k/{contact}",
                "contractor's case": f"/k/{contact}/{case}",
                "third party's desk": f"/k/{third}",
                "third party's case": f"/k/{third}/{work}",
                "office's desk": f"/b/{office}",
                "office's desk, others": f"/b/{office}?show=others",
                "office's case": f"/b/{office}/{case}",
                "office's draft": f"/b/{office}/{draft}/draft",
                "third parties": f"/b/{office}/{case}/parties?stop=1",
                "company's file": f"/b/{office}/company/{scene.CONTRACTOR}",
                "contract": f"/b/{office}/contract/{scene.CONTRACT}",
            },
        )


def _to_gate(here: Any, scene: Any) -> tuple[Any, str]:
    """A ticket and its case that the contractor let pass every deadline of."""
    ticket, case = scene.opened(here)
    scene.find(here, case)
    scene.do(here, case, "release_notice", "o1")
    scene.arrives(here, case)
    here.advance(days=9)
    scene.do(here, case, "release_reminder", "o1")
    scene.arrives(here, case)
    scene.do(here, case, "call", "o1", purpose="deadline", result="no_answer")
    here.advance(days=4)
    return ticket, case


def _crowd(here: Any, case: str) -> None:
    """More cases like it in every list that it stands in."""
    from chalicelib.adapters.ids import ulid
    from chalicelib.store.table import Put, iso

    head = here.table.get(case, "HEAD")
    for n in range(OPEN):
        new = f"CASE#{ulid(here.at + timedelta(milliseconds=n), n.to_bytes(10, 'big'))}"
        here.table.write(Put({**head, "pk": new, "id": new, "by": iso(here.at + timedelta(hours=9, seconds=n))}))


def run() -> None:
    from app import app
    from chalicelib.store import table
    from tests.bench.crowd import Counted
    from tests.bench.requests import Canned, cpu_ms
    from tests.bench.web import ask, event

    with stage() as (here, pages):
        for name, address in pages.items():
            counted, calls = Counted(here.table), []
            table.use(counted)
            for _ in range(2):
                counted.calls = 0
                answer = ask(app, "GET", address)
                assert answer["statusCode"] == 200, (name, answer["statusCode"], answer["body"][:300])
                calls.append(counted.calls)
            figure(f"SDK calls: {name}", calls[-1], "calls", "<= 3", cold=calls[0])
            table.use(Canned(here.table))
            took = cpu_ms(app, lambda address=address: event(app, "GET", address), 200)  # type: ignore[misc]
            figure(f"own CPU of a request, p50: {name}", took, "ms", "<= 1")
        table.use(here.table)
