"""Finance's desk: what is firm and not exported, sealed into batches; periods; what came back.

GET   /f/{token}                          the preview, with totals; ?project= contract= company= source= narrow it
POST  /f/{token}/seal                     what the preview shows is sealed into a batch → 303 to it
GET   /f/{token}/batches                  the batches, the latest first
GET   /f/{token}/batch/{batch}            a batch by its number, or while it has none by its name: how far it has come
POST  /f/{token}/batch/{batch}/{move}     acknowledge, counter
GET   /f/{token}/batch/{batch}/file/{n}   303 to a file
GET   /f/{token}/evidence                 ?number= of a deduction: 303 to its evidence pack
GET   /f/{token}/periods                  which periods are open; POST /f/{token}/periods opens or closes one
GET   /f/{token}/settle                   settlements back in; POST /f/{token}/settle checks or books them
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from chalice.app import Response

from chalicelib.adapters import archive
from chalicelib.adapters.ids import ulid
from chalicelib.domain.money.batch import Batch, State
from chalicelib.domain.money.entry import Filter
from chalicelib.domain.money.ledger import month
from chalicelib.domain.record.errors import Invalid, Refused
from chalicelib.domain.record.reference import parts, reference
from chalicelib.language import money, reasons, times
from chalicelib.language.faults import explain_fault, explain_remark
from chalicelib.services.contractor import office as desk_of_office
from chalicelib.services.money import periods, proofs, sealing, settling
from chalicelib.services.money.settling import Settlement
from chalicelib.services.record import record
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.record.record import NotFound
from chalicelib.store import batches as stored
from chalicelib.store import entries
from chalicelib.web.finance.door import Desk, signed
from chalicelib.web.kit import forms
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.moves import done, key_of, said
from chalicelib.web.kit.pages import page, see, status_of

SPOT = re.compile(r"20\d\d#\d{9}", re.ASCII)
FIELDS = ("project", "contract", "company", "source")
DONE: Mapping[str, str] = {
    "seal": "The batch is being sealed. Its number and files are there in a moment.",
    "acknowledge": "Taken over. The batch is finance's now.",
    "counter": "The batch is being taken back by a counter-batch.",
    "open": "The period is open.",
    "close": "The period is closed for good.",
    "book": "The settlements are booked.",
}
MOST_FILE = 300_000  # letters of a settlement file in base64


def frame(desk: Desk, at_page: str) -> dict[str, Any]:
    """What every page of the desk shows."""
    told = said(DONE, desk.at)
    return {
        "now": desk.at,
        "key": ulid(desk.at),
        "token": desk.token,
        "whose": desk.whose(),
        "entity": desk.entity,
        "entity_name": _entity(desk.entity),
        "at_page": at_page,
        "done": told,
        "said_done": DONE.get(told, ""),
    }


def _entity(entity: str) -> str:
    found = desk_of_office.entity_named(entity)
    return found.name if found else entity


@signed
def preview(desk: Desk) -> Response:
    return _preview(desk)


def _preview(desk: Desk, refused: Refused | None = None) -> Response:
    chosen = _chosen(asked)
    cursor = _cursor(desk.entity, asked("after", 800))
    found = sealing.preview(desk.entity, chosen, cursor)
    totals = sealing.totals(desk.entity, chosen)
    seen = periods.of(desk.entity)
    narrowed = {name: value for name in FIELDS if (value := getattr(chosen, name))}
    zone = policy_for(NOWHERE).zone
    onward = {**narrowed, "after": json.dumps(dict(found.next))} if found.next else {}
    return page(
        "finance/preview.html",
        desk.lang,
        status=status_of(refused) if refused else 200,
        **frame(desk, ""),
        rows=[_line(line, desk.lang, zone) for line in found.lines],
        count=totals.count,
        sum=money.figures(totals.fen),
        tables=[
            ("By contractor", _sums(totals.companies)),
            ("By contract", _sums(totals.contracts)),
            ("By project", _sums(totals.projects)),
            ("By source", [(money.source_word(k, desk.lang), fen) for k, fen in _sums(totals.sources)]),
        ],
        opened=seen.opened(),
        narrowed=narrowed,
        hidden=list(narrowed.items()),
        sources=[(name, money.source_word(name, desk.lang)) for name in money.SOURCES],
        onward=f"?{urlencode(onward)}" if onward else "",
        overtaken=reasons.explain(refused, desk.lang) if refused else "",
    )


def _chosen(read: Any) -> Filter:
    return Filter(**{name: read(name, 80) for name in FIELDS})


def _cursor(entity: str, text: str) -> Mapping[str, str] | None:
    """Where the preview of the desk's own entity goes on; None for the start, and for what was none of ours."""
    try:
        found = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        return None
    return entries.start_of(entity, found)


def _sums(found: Mapping[str, int]) -> list[tuple[str, str]]:
    return [(name, money.figures(fen)) for name, fen in sorted(found.items(), key=lambda one: (-one[1], one[0]))]


def _line(line: Any, lang: str, zone: str) -> dict[str, str]:
    return {
        "number": line.number,
        "company": line.company_name or line.company,
        "contract": line.contract_number or line.contract,
        "project": line.project,
        "source": money.source_word(line.source, lang),
        "fen": money.figures(line.fen),
        "kind": "reversal" if line.fen < 0 else "",
        "packed": line.proved,
    }


@signed
def seal(desk: Desk) -> Response:
    form = forms.read(request())
    try:
        batch = sealing.seal(
            desk.entity,
            desk.by,
            desk.at,
            period=form.plain("period", 10),
            chosen=_chosen(form.plain),
            key=key_of(form),
        )
    except Refused as refused:
        return _preview(desk, refused)
    return see(f"{desk.base}/batch/{parts(batch.id)[1]}?done={done('seal', desk.at)}")


@signed
def batches(desk: Desk) -> Response:
    spot = asked("after", 40)
    start = stored.start_of(desk.entity, spot) if SPOT.fullmatch(spot) else None
    found, more = sealing.batches(desk.entity, start)
    zone = policy_for(NOWHERE).zone
    return page(
        "finance/batches.html",
        desk.lang,
        **frame(desk, "batches"),
        rows=[
            {
                "number": one.number,
                "period": one.period,
                "state": money.batch_word(one.state, desk.lang),
                "count": one.count,
                "fen": money.figures(one.fen),
                "at": times.date_of(datetime.fromisoformat(one.at), zone, desk.lang) if one.at else "",
            }
            for one in found
        ],
        onward="?" + urlencode({"after": more["sk"]}) if more else "",
    )


@signed
def batch(desk: Desk, batch: str) -> Response:
    return _batch(desk, _one(desk, batch))


def _one(desk: Desk, named: str) -> Batch:
    """Raises NotFound, also for another entity's."""
    return sealing.batch(desk.entity, named if "-B-" in named else reference("BATCH", named[:26]))


def _batch(desk: Desk, one: Batch, refused: Refused | None = None) -> Response:
    zone = policy_for(NOWHERE).zone
    working = one.state in (State.OPENED, State.SEALED, State.COUNTERING)
    return page(
        "finance/batch.html",
        desk.lang,
        status=status_of(refused) if refused else 200,
        **frame(desk, "batches"),
        one=one,
        here=f"{desk.base}/batch/{one.number or parts(one.id)[1]}",
        state=money.batch_word(one.state.value, desk.lang),
        working=working,
        fen=money.figures(one.fen),
        sealed=times.date_of(one.sealed_at, zone, desk.lang) if one.sealed_at else "",
        files=[(n, file.name, file.sha256, file.size) for n, file in enumerate(one.files)],
        totals=[(money.nature_word(nature, desk.lang), money.figures(fen)) for nature, fen in one.totals.items()],
        takes_over=one.state is State.MADE,
        counters=one.state in (State.MADE, State.ACKNOWLEDGED) and not one.counters,
        opened=periods.of(desk.entity).opened(),
        overtaken=reasons.explain(refused, desk.lang) if refused else "",
    )


@signed
def act(desk: Desk, batch: str, move: str) -> Response:
    one = _one(desk, batch)
    form = forms.read(request())
    try:
        if move == "acknowledge":
            sealing.acknowledge(desk.entity, one.number, desk.by, desk.at, key=key_of(form))
        elif move == "counter":
            period = form.plain("period", 10)
            one = sealing.counter(desk.entity, one.number, desk.by, desk.at, period=period, key=key_of(form))
        else:
            raise NotFound
    except NotFound:
        raise
    except Refused as refused:
        return _batch(desk, one, refused)
    return see(f"{desk.base}/batch/{one.number or parts(one.id)[1]}?done={done(move, desk.at)}")


@signed
def file(desk: Desk, batch: str, n: str) -> Response:
    one = _one(desk, batch)
    if not (n.isascii() and n.isdigit() and int(n) < len(one.files)):
        raise NotFound
    found = one.files[int(n)]
    answer = see("")
    answer.headers["Location"] = archive.presigned_file(found.key, found.name)
    return answer


@signed
def evidence(desk: Desk) -> Response:
    """Of a deduction that finance has in its entries; another entity's is not there."""
    found = [line for line, _ in entries.of_deduction(asked("number", 40)) if line.entity == desk.entity]
    if not found:
        raise NotFound
    answer = see("")
    answer.headers["Location"] = proofs.pack(record.load(found[0].deduction))
    return answer


@signed
def look_periods(desk: Desk) -> Response:
    return _periods(desk)


def _periods(desk: Desk, refused: Refused | None = None) -> Response:
    seen = periods.of(desk.entity)
    return page(
        "finance/periods.html",
        desk.lang,
        status=status_of(refused) if refused else 200,
        **frame(desk, "periods"),
        rows=[(period, seen.is_open(period)) for period in sorted(seen.states, reverse=True)],
        this_month=month_of(desk),
        overtaken=reasons.explain(refused, desk.lang) if refused else "",
    )


@signed
def move_period(desk: Desk) -> Response:
    form = forms.read(request())
    move = form.plain("move", 10)
    try:
        if move not in ("open", "close"):
            raise Invalid("move", "required")
        (periods.open_one if move == "open" else periods.close_one)(
            desk.entity, form.plain("period", 10), desk.by, desk.at
        )
    except Refused as refused:
        return _periods(desk, refused)
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
        kept=kept,
        name=name,
        wrong=wrong,
    )


@signed
def settle(desk: Desk) -> Response:
    """Checked first; booked when the page says so, with the very same file."""
    form = forms.read(request())
    name, raw = form.plain("name", 80) or "settlements.csv", form.raw("content", MOST_FILE)
    typed = form.text("rows", MOST_FILE)
    try:
        content = base64.b64decode(raw, validate=True) if raw else typed.encode()
    except binascii.Error:
        content = b""
    if not content.strip():
        return _settle(desk, None, typed, name, reasons.explain(Invalid("rows", "required"), desk.lang))
    name = name if raw else "settlements.csv"
    write = form.is_on("book")
    found = settling.settle(desk.entity, content, name, desk.by, desk.at, write=write)
    if write and not found.faults and not found.unread:
        return see(f"{desk.base}/settle?done={done('book', desk.at)}")
    return _settle(desk, found, base64.b64encode(content).decode(), name)


def month_of(desk: Desk) -> str:
    """The period that this day lies in."""
    return month(desk.at.astimezone(ZoneInfo(policy_for(NOWHERE).zone)).date())
