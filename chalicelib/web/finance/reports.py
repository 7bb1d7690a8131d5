"""Finance's reports: how a period moved, how old what is open is, and what waits to be exported, booked or approved.

GET   /f/{token}/reports         ?period= on a page; of each list the oldest are shown
POST  /f/{token}/reports/file    all of it as a workbook is asked for → 303 to its page
GET   /f/{token}/evidence        ?number= of a deduction: 303 to its evidence pack
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chalice.app import Response

from chalicelib.domain.money.report import Line
from chalicelib.domain.record.errors import Refused
from chalicelib.language import money
from chalicelib.language.reports import ages, stage
from chalicelib.services.contractor import contacts
from chalicelib.services.contractor import office as desk_of_office
from chalicelib.services.money import jobs, periods, proofs, reporting
from chalicelib.services.record.record import NotFound
from chalicelib.web.finance import works
from chalicelib.web.finance.door import Desk, signed
from chalicelib.web.finance.routes import frame
from chalicelib.web.kit import forms
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.moves import key_of
from chalicelib.web.kit.pages import page, see

COLUMNS = ("opening", "approved", "reversed", "recovered", "written_off", "closing")
MOST = 100  # lines of a list on the page; the workbook has all


def _period(desk: Desk) -> str:
    try:
        return periods.checked(asked("period", 10) or desk.this_month)
    except Refused:
        raise NotFound from None


@signed
def look(desk: Desk) -> Response:
    period = _period(desk)
    rolls, now = reporting.roll_forward(desk.entity, period), reporting.standing(desk.entity, desk.at)
    lists = (
        ("Approved, not exported", now.approved_not_exported),
        ("Exported, not booked", now.exported_not_booked),
        ("Incurred, not approved", now.incurred_not_approved),
    )
    shown = [line for _, lines in lists for line in lines[:MOST]]
    named = _Names([*rolls, *now.ageing, *shown])
    return page(
        "finance/reports.html",
        desk.lang,
        **frame(desk, "reports"),
        period=period,
        rows=[(*named.of(roll), [money.figures(getattr(roll, column)) for column in COLUMNS]) for roll in rolls],
        sums=[money.figures(sum(getattr(roll, column) for roll in rolls)) for column in COLUMNS],
        on=now.on.isoformat(),
        ages=ages(desk.lang),
        aged=[(*named.of(one), [money.figures(fen) for fen in (*one.fen, one.total)]) for one in now.ageing],
        made=[job for job in works.listed(desk) if job.kind == jobs.REPORT],
        lists=[
            (title, [_row(line, named, desk.lang) for line in lines[:MOST]], len(lines), money.figures(_sum(lines)))
            for title, lines in lists
        ],
    )


@signed
def file(desk: Desk) -> Response:
    form = forms.read(request())
    try:
        period = periods.checked(form.plain("period", 10))
    except Refused:
        raise NotFound from None
    job = jobs.ask_report(desk.entity, period, desk.lang, desk.by, desk.at, key_of(form))
    return see(f"{desk.base}/work/{job.id}")


@signed
def evidence(desk: Desk) -> Response:
    """Of a deduction that finance has in its entries; another entity's is not there."""
    answer = see("")
    answer.headers["Location"] = proofs.pack(proofs.exported(desk.entity, asked("number", 40)))
    return answer


def _sum(lines: Iterable[Line]) -> int:
    return sum(line.fen for line in lines)


def _row(line: Line, named: _Names, lang: str) -> tuple[Any, ...]:
    return (line.number, *named.of(line), stage(line.stage, lang), money.figures(line.fen), line.since, line.days)


class _Names:
    """What companies and contracts of the rows are called; from what is kept a while."""

    def __init__(self, rows: Iterable[Any]) -> None:
        found = list(rows)
        self._companies = contacts.names({row.company for row in found})
        self._contracts = {row.contract: desk_of_office.contract_named(row.contract) for row in found}

    def of(self, row: Any) -> tuple[str, str]:
        contract = self._contracts.get(row.contract)
        return self._companies.get(row.company, row.company), contract.number if contract else row.contract
