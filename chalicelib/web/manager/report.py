"""The report of a month, as a file.

GET   /g/{token}/report              whether it is there, and the two files
GET   /g/{token}/report/{ending}     303 to the file: pdf, xlsx
POST  /g/{token}/report              have it made, where the month is final and it is not there → 303 to the page
"""

from __future__ import annotations

from chalice.app import Response

from chalicelib.language import times
from chalicelib.services.measures import monthly
from chalicelib.services.record.record import NotFound
from chalicelib.store import measures
from chalicelib.web.kit.asked import asked
from chalicelib.web.kit.pages import page, see
from chalicelib.web.manager.door import Desk, managed
from chalicelib.web.manager.routes import frame

ENDINGS = ("pdf", "xlsx")


@managed
def look(desk: Desk) -> Response:
    made = monthly.find(desk.scope.id, desk.month)
    row = None if made else measures.month(desk.scope.id, desk.month)
    return page(
        "manager/report.html",
        desk.lang,
        **frame(desk),
        made=times.full_time(made.events[0].at, desk.numbers.zone, desk.lang) if made else "",
        files=[(ending.upper(), desk.address(f"report/{ending}")) for ending in ENDINGS] if made else [],
        final=bool(row and row.final),
        wanted=bool(asked("wanted")),
        here=desk.address("report"),
    )


@managed
def file(desk: Desk, ending: str) -> Response:
    made = monthly.find(desk.scope.id, desk.month)
    if made is None or ending not in ENDINGS:
        raise NotFound
    answer = see("")
    answer.headers["Location"] = monthly.file(made, ending)
    return answer


@managed
def want(desk: Desk) -> Response:
    row = measures.month(desk.scope.id, desk.month)
    if row and row.final:
        monthly.ask([desk.scope.id], desk.month)
    return see(desk.address("report", wanted="1"))
