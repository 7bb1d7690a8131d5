"""What finance had done outside its requests: a workbook of reports, a long file of settlements; how far each has come.

item   pk             sk       what
job    JOB#<entity>   <ulid>   `body` what was asked, by whom, what came of it; `state`; `ttl`

report       asked → done
settlement   asked → faulty, or checked → booking → booked
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.domain.register.faults import Fault, Remark
from chalicelib.store.reading import each, one
from chalicelib.store.table import Change, Conflict, Put, Row, compact, table

KEPT_FOR = {"report": timedelta(days=3), "settlement": timedelta(days=90)}  # a report: as long as its file
MOST_FAULTS = 200
SLICE = 100


class State(StrEnum):
    ASKED = "asked"
    DONE = "done"
    FAULTY = "faulty"
    CHECKED = "checked"
    BOOKING = "booking"
    BOOKED = "booked"


AT_WORK = frozenset({State.ASKED, State.BOOKING})


@dataclass(frozen=True, slots=True)
class Job:
    """`asked`: period and lang of a report, name and key of a file. `key`: of what was made. `done`: rows so far.

    `why`: rows that are at fault, at most MOST_FAULTS; `unread`: it is no table.
    """

    entity: str
    id: str
    kind: str
    asked: Mapping[str, str]
    by: str
    at: str
    grant: str = ""
    state: State = State.ASKED
    rows: int = 0
    known: int = 0
    done: int = 0
    why: tuple[Fault, ...] = ()
    more_faults: bool = False
    unread: Remark | None = None
    key: str = ""

    @property
    def at_work(self) -> bool:
        return self.state in AT_WORK


def begin(job: Job, at: datetime) -> Job:
    """Keep a new job; the one that is there already under its id."""
    ttl = int((at + KEPT_FOR[job.kind]).timestamp())
    row: Row = {"pk": _of(job.entity), "sk": job.id, "state": job.state.value, "body": _body(job), "ttl": ttl}
    try:
        table().write(Put(row, new=True))
    except Conflict:
        there = named(job.entity, job.id)
        assert there is not None
        return there
    return job


def note(job: Job, was: State) -> bool:
    """How far it has come, if it still stood as it `was`."""
    sets = {"state": job.state.value, "body": _body(job)}
    try:
        table().write(Change((_of(job.entity), job.id), sets=sets, when={"state": was.value}))
    except Conflict:
        return False
    return True


def named(entity: str, job: str) -> Job | None:
    return one(table().get(_of(entity), job, consistent=True), _job)


def latest(entity: str, limit: int = 20) -> list[Job]:
    """Those of an entity, the latest first. One query."""
    return each(table().query(_of(entity), limit=limit, descending=True).rows, _job)


def at_work(entity: str) -> list[Job]:
    """Those of an entity that are not at their end, however long ago they were asked for. A query for every 100."""
    found: list[Job] = []
    start: Mapping[str, str] | None = None
    while True:
        page = table().query(_of(entity), limit=SLICE, start=start, descending=True)
        found += [job for job in each(page.rows, _job) if job.at_work]
        start = page.next
        if not start:
            return found


def _of(entity: str) -> str:
    return f"JOB#{entity}"


def _body(job: Job) -> str:
    body: dict[str, Any] = {"k": job.kind, "a": dict(job.asked), "b": job.by, "t": job.at, "g": job.grant}
    body |= {"r": job.rows, "n": job.known, "d": job.done, "m": job.more_faults, "f": job.key}
    body["w"] = [[f.sheet, f.row, f.column, f.reason, _plain(f.details)] for f in job.why[:MOST_FAULTS]]
    body["u"] = [job.unread.where, job.unread.what, _plain(job.unread.facts)] if job.unread else None
    return compact(body)


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: value if isinstance(value, (int, str, list)) else str(value) for name, value in facts.items()}


def _job(row: Row) -> Job:
    b = json.loads(row["body"])
    made = Job(row["pk"].partition("#")[2], row["sk"], b["k"], b["a"], b["b"], b["t"], b["g"], State(row["state"]))
    return replace(
        made,
        rows=b["r"],
        known=b["n"],
        done=b["d"],
        more_faults=b["m"],
        key=b["f"],
        why=tuple(Fault(*fault) for fault in b["w"]),
        unread=Remark(*b["u"]) if b["u"] else None,
    )
