"""Finance's books: periods that are opened and closed, and what its own system has booked.

GET   /f/{token}/periods                  which are open; ?close= what closing one means, before it is done
POST  /f/{token}/periods                  opens or closes one
GET   /f/{token}/settle                   settlements back in; POST /f/{token}/settle checks or books them
"""

from __future__ import annotations

import base64
from typing import Any

from chalice.app import Response

from chalicelib.domain.money.entry import Filter
from chalicelib.domain.record.errors import IllegalMove, Invalid, Refused
from chalicelib.domain.register.settlements import MOST
from chalicelib.language import money, reasons
from chalicelib.language.faults import explain_fault, explain_remark
from chalicelib.services.money import jobs, periods, reporting, sealing, settling
from chalicelib.services.money.settling import Settlement
from chalicelib.web.finance import works
from chalicelib.web.finance.door import Desk, signed
from chalicelib.web.finance.routes import frame
from chalicelib.web.kit import forms
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.forms import Form
from chalicelib.web.kit.moves import done, key_of
from chalicelib.web.kit.pages import page, see, status_of

COLUMNS = {
    "opening": "Opening",
    "approved": "Approved",
    "reversed": "Reversed",
    "recovered": "Recovered",
    "written_off": "Written off",
    "closing": "Closing",
}
MOST_FILE = 2_800_000  # letters of a settlement file in base64
MOST_FORM = 3_500_000  # bytes of the form that brings it


@signed
def look_periods(desk: Desk) -> Response:
    return _periods(desk, asked("close", 10))


def _periods(desk: Desk, close: str = "", refused: Refused | None = None) -> Response:
    """The periods; of one that is to be closed, what that means as things are now."""
    seen = periods.of(desk.entity)
    closing = _closing(desk, close) if seen.is_open(close) else {}
    return page(
        "finance/periods.html",
        desk.lang,
        status=status_of(refused) if refused else 200,
        **frame(desk, "periods"),
        rows=[(period, seen.is_open(period)) for period in sorted(seen.states, reverse=True)],
        this_month=desk.this_month,
        close=close,
        **{"sums": [], "waiting": 0, "waiting_sum": "", "seen": "", **closing},
        overtaken=reasons.explain(refused, desk.lang) if refused else "",
    )


def _closing(desk: Desk, period: str) -> dict[str, Any]:
    """How the period moved, and what of it waits to be exported still."""
    rolls = reporting.roll_forward(desk.entity, period)
    sums = {name: sum(getattr(roll, name) for roll in rolls) for name in COLUMNS}
    ready = sealing.totals(desk.entity, Filter(month=period))
    waiting, fen = ready.count + ready.stopped, ready.fen + ready.stopped_fen
    return {
        "sums": [(COLUMNS[name], money.figures(moved)) for name, moved in sums.items()],
        "waiting": waiting,
        "waiting_sum": money.figures(fen),
        "seen": f"{sums['closing']}/{waiting}/{fen}",
    }


@signed
def move_period(desk: Desk) -> Response:
    """A period is closed as its page showed it, or not."""
    form = forms.read(request())
    move, period = form.plain("move", 10), form.plain("period", 10)
    try:
        if move not in ("open", "close"):
            raise Invalid("move", "required")
        if move == "open":
            periods.open_one(desk.entity, period, desk.by, desk.at)
        else:
            if periods.of(desk.entity).is_open(period) and form.plain("seen", 60) != _closing(desk, period)["seen"]:
                raise IllegalMove("changed_meanwhile")
            periods.close_one(desk.entity, period, desk.by, desk.at)
    except Refused as refused:
        return _periods(desk, period if move == "close" else "", refused)
    return see(f"{desk.base}/periods?done={done(move, desk.at)}")


@signed
def look_settle(desk: Desk) -> Response:
    return _settle(desk, None)


def _settle(desk: Desk, found: Settlement | None, kept: str = "", name: str = "", wrong: str = "") -> Response:
    faults = [explain_fault(fault, desk.lang) for fault in found.faults] if found else []
    if found and found.unread:
        wrong = explain_remark(found.unread, desk.lang)
    return page(
        "finance/settle.html",
        desk.lang,
        status=400 if faults or wrong else 200,
        **frame(desk, "settle"),
        found=found,
        faults=faults,
        more=bool(found and found.more_faults),
        most=MOST,
        long=[job for job in works.listed(desk) if job.kind == jobs.SETTLEMENT],
        kept=kept,
        name=name,
        wrong=wrong,
    )


@signed
def settle(desk: Desk) -> Response:
    """Checked first; booked when the page says so, with the very same file. A long one: outside the request."""
    form = forms.read(request(), MOST_FORM)
    content, name, again = sent_file(form, "settlements.csv")
    if not content.strip():
        return _settle(desk, None, again, name, reasons.explain(Invalid("rows", "required"), desk.lang))
    write = form.is_on("book")
    found = settling.settle(desk.entity, content, name, desk.by, desk.at, write=write, most=MOST)
    if found.too_long:
        job = jobs.ask_settlement(desk.entity, content, name, desk.by, desk.at, key_of(form))
        return see(f"{desk.base}/work/{job.id}")
    if write and not found.faults and not found.unread:
        return see(f"{desk.base}/settle?done={done('book', desk.at)}")
    return _settle(desk, found, again, name)


def sent_file(form: Form, typed_name: str) -> tuple[bytes, str, str]:
    """(content, name, how the page sends it again) of a file that a script put into a form, or of rows typed."""
    raw, typed = form.raw("content", MOST_FILE), form.text("rows", MOST_FILE)
    try:
        content = base64.b64decode(raw, validate=True) if raw else typed.encode()
    except ValueError:
        content = b""
    name = form.plain("name", 80) if raw else ""
    return content, name or typed_name, base64.b64encode(content).decode()
