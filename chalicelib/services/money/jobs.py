"""Finance's longer work, outside the request: the reports as a workbook, a file of settlements of many rows.

report       asked for → the workbook is made, and found again until it is forgotten
settlement   brought → checked as a whole → booked row by row once whoever brought it says so

Cut off anywhere it goes on: by the queue, by the page, by the night. A row is booked once, by its own key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from chalicelib.adapters import exports, objects
from chalicelib.adapters.archive import TYPES
from chalicelib.adapters.ids import ulid
from chalicelib.adapters.log import logger
from chalicelib.adapters.settings import settings
from chalicelib.domain.money.batch import may_finance
from chalicelib.domain.record.errors import IllegalMove, NotAllowed
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role
from chalicelib.domain.register.settlements import MOST_APART
from chalicelib.services.money import reports, settling
from chalicelib.services.money.settling import Settlement
from chalicelib.services.record.record import NotFound
from chalicelib.store import jobs
from chalicelib.store.jobs import Job, State
from chalicelib.store.table import iso

REPORT, SETTLEMENT = "report", "settlement"
MOST_BYTES = 3 * 2**20
STEP = 25  # rows, after which it is noted how far it has come
GoesOn = Callable[[], bool]


def ask_report(entity: str, period: str, lang: str, by: Actor, at: datetime, key: str) -> Job:
    """Have the reports of a period made as a workbook. Sent twice under one key it is one. Raises NotAllowed."""
    return _begin(entity, REPORT, {"period": period, "lang": lang}, by, at, key)


def ask_settlement(entity: str, content: bytes, name: str, by: Actor, at: datetime, key: str) -> Job:
    """Have a file checked. Sent twice under one key it is one. It is kept: weeks may pass before it is booked, and it
    is what the bookings go back to. Raises NotAllowed."""
    ending = Path(name).suffix.lower()
    kept = f"{reports.ROOM}{entity}/in/{hashlib.sha256(content).hexdigest()}{ending if ending == '.xlsx' else '.csv'}"
    objects.put_once(kept, content, TYPES["xlsx"] if ending == ".xlsx" else "text/csv", loose=False)
    return _begin(entity, SETTLEMENT, {"name": name, "key": kept}, by, at, key)


def _begin(entity: str, kind: str, asked: dict[str, str], by: Actor, at: datetime, key: str) -> Job:
    if not may_finance(by.role):
        raise NotAllowed("not_allowed")
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    seed = hashlib.sha256(f"{by.id}/{key}".encode()).digest()
    name = ulid(at, seed) if not key else ulid(day, seed)
    job = jobs.begin(Job(entity, name, kind, asked, by.id, iso(at), by.grant), at)
    ask(job)
    return job


def ask(job: Job) -> None:
    """Have it gone on with. A queue that does not answer is left to the page, and to the night."""
    try:
        exports.enqueue_job(job.entity, job.id)
    except exports.NotQueued as fault:
        logger.warning("job not queued", extra={"entity": job.entity, "job": job.id, "fault": str(fault)})


def of_entity(entity: str) -> list[Job]:
    """Those that are not at their end: the night goes on with each. A query for every 100 that are kept."""
    return jobs.at_work(entity)


def one(entity: str, job: str) -> Job:
    """Raises NotFound."""
    found = jobs.named(entity, job)
    if found is None:
        raise NotFound
    return found


def book(job: Job, by: Actor) -> Job:
    """What was checked is booked, since whoever brought it says so; said twice it is once. Raises NotAllowed."""
    if by.id != job.by or job.kind != SETTLEMENT:
        raise NotAllowed("not_allowed")
    if job.state is State.CHECKED:
        job = replace(job, state=State.BOOKING)
        jobs.note(job, State.CHECKED)
    elif job.state not in (State.BOOKING, State.BOOKED):
        raise IllegalMove("changed_meanwhile")
    ask(job)
    return job


def go_on(entity: str, name: str, at: datetime, goes_on: GoesOn = lambda: True) -> Job:
    """Bring a job as far as time allows; the job afterwards. May run again, and beside itself."""
    job = one(entity, name)
    if not job.at_work:
        return job
    return _made(job, at) if job.kind == REPORT else _settled(job, at, goes_on)


def address(job: Job) -> str:
    """Of the workbook, good for ten minutes. Raises NotFound while there is none."""
    if job.kind != REPORT or not job.key:
        raise NotFound
    name = f"{job.entity}-{job.asked['period']}-{job.at[:10].replace('-', '')}.xlsx"
    return objects.presigned_file(settings().clean, job.key, f'attachment; filename="{name}"', "private, no-store")


def _made(job: Job, at: datetime) -> Job:
    key = reports.kept(job.entity, job.asked["period"], at, job.asked["lang"])
    made = replace(job, state=State.DONE, key=key)
    jobs.note(made, job.state)
    return made


def _settled(job: Job, at: datetime, goes_on: GoesOn) -> Job:
    """Checked, or booked as far as time allows: what is booked already is known the next time."""
    content = objects.read_clean(job.asked["key"], MOST_BYTES)
    by = Actor(job.by, Role.FINANCE, job.grant)
    writes = job.state is State.BOOKING

    def tell(done: Settlement) -> bool:
        if done.booked % STEP == 0 and not jobs.note(_told(job, done, job.state), job.state):
            return False  # somebody beside it has come to the end
        return goes_on()

    done = settling.settle(
        job.entity, content, job.asked["name"], by, at, write=writes, sound=writes, most=MOST_APART, goes_on=tell
    )
    state = State.BOOKING if done.stopped else State.BOOKED if writes else State.CHECKED
    if not writes and (done.faults or done.unread):
        state = State.FAULTY
    after = _told(job, done, state)
    return after if jobs.note(after, job.state) else one(job.entity, job.id)


def _told(job: Job, done: Settlement, state: State) -> Job:
    return replace(
        job,
        state=state,
        rows=done.rows,
        known=done.known if state is not State.BOOKING else job.known,
        done=done.known + done.booked,
        why=tuple(done.faults[: jobs.MOST_FAULTS]),
        more_faults=done.more_faults or len(done.faults) > jobs.MOST_FAULTS,
        unread=done.unread,
    )
