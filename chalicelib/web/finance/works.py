"""Finance's longer work: how far a workbook or a long file has come, left and found again.

GET   /f/{token}/work/{job}          how far it has come, what is at fault, what came of it
POST  /f/{token}/work/{job}/{move}   book: what was checked is booked; on: it is gone on with
GET   /f/{token}/work/{job}/file     303 to the workbook
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalice.app import Response

from chalicelib.adapters.ids import is_ulid
from chalicelib.domain.record.errors import Refused
from chalicelib.language import money, reasons, times
from chalicelib.language.faults import explain_fault, explain_remark
from chalicelib.services.money import jobs
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.record.record import NotFound
from chalicelib.store.jobs import Job, State, latest
from chalicelib.web.finance.door import Desk, signed
from chalicelib.web.finance.routes import frame
from chalicelib.web.kit.pages import page, see, status_of


@dataclass(frozen=True, slots=True)
class Listed:
    """A job in a list: where it is looked at, what it is of, since when, how far."""

    href: str
    kind: str
    what: str
    since: str
    state: str
    at_work: bool


def listed(desk: Desk) -> list[Listed]:
    """The latest of the desk's entity. One query."""
    return [
        Listed(
            f"/f/{desk.token}/work/{job.id}",
            job.kind,
            _what(job),
            _since(job, desk),
            money.job_word(job.state.value, desk.lang),
            job.at_work,
        )
        for job in latest(desk.entity)
    ]


def _what(job: Job) -> str:
    return job.asked.get("period") or job.asked.get("name", "")


def _since(job: Job, desk: Desk) -> str:
    return times.date_of(datetime.fromisoformat(job.at), policy_for(NOWHERE).zone, desk.lang)


@signed
def look(desk: Desk, job: str) -> Response:
    return _look(desk, _one(desk, job))


def _one(desk: Desk, job: str) -> Job:
    """Raises NotFound, also for another entity's."""
    if not is_ulid(job):
        raise NotFound
    return jobs.one(desk.entity, job)


def _look(desk: Desk, job: Job, refused: Refused | None = None) -> Response:
    unread = explain_remark(job.unread, desk.lang) if job.unread else ""
    return page(
        "finance/work.html",
        desk.lang,
        status=status_of(refused) if refused else 200,
        **frame(desk, "reports" if job.kind == jobs.REPORT else "settle"),
        job=job,
        here=f"/f/{desk.token}/work/{job.id}",
        what=_what(job),
        since=_since(job, desk),
        state=money.job_word(job.state.value, desk.lang),
        books=job.state is State.CHECKED and job.by == desk.by.id,
        ready=bool(job.key),
        faults=[explain_fault(fault, desk.lang) for fault in job.why] or ([unread] if unread else []),
        overtaken=reasons.explain(refused, desk.lang) if refused else "",
    )


@signed
def act(desk: Desk, job: str, move: str) -> Response:
    found = _one(desk, job)
    try:
        if move == "book":
            jobs.book(found, desk.by)
        elif move == "on":
            jobs.ask(found)
        else:
            raise NotFound
    except NotFound:
        raise
    except Refused as refused:
        return _look(desk, found, refused)
    return see(f"{desk.base}/work/{found.id}")


@signed
def file(desk: Desk, job: str) -> Response:
    answer = see("")
    answer.headers["Location"] = jobs.address(_one(desk, job))
    return answer
