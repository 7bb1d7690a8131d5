"""Finance's desk: what is firm and not exported, sealed into batches.

GET   /f/{token}                          the preview, with totals; ?month= project= contract= … narrow it
GET   /f/{token}/seal                     what would be sealed, how many, how much: to be confirmed
POST  /f/{token}/seal                     just that is sealed into a batch → 303 to it; if it changed, shown anew
GET   /f/{token}/batches                  the batches, the latest first
GET   /f/{token}/batch/{batch}            a batch by its number, or while it has none by its name: how far it has come
POST  /f/{token}/batch/{batch}/{move}     acknowledge, counter
GET   /f/{token}/batch/{batch}/file/{n}   303 to a file

Periods and settlements: books.py. Reports: reports.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from chalice.app import Response

from chalicelib.adapters import archive
from chalicelib.adapters.ids import ulid
from chalicelib.domain.money.batch import Batch, State
from chalicelib.domain.money.entry import Filter, Shown, held_back
from chalicelib.domain.record.errors import Invalid, Refused
from chalicelib.domain.record.making import MAX_WORDS
from chalicelib.domain.record.reference import parts, reference
from chalicelib.language import money, reasons, releases, times
from chalicelib.services import premises
from chalicelib.services.contractor import office as desk_of_office
from chalicelib.services.money import periods, sealing
from chalicelib.services.money.sealing import Totals
from chalicelib.services.record import record
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.record.record import NotFound
from chalicelib.store import batches as stored
from chalicelib.store import entries, stops
from chalicelib.web.finance.door import Desk, signed
from chalicelib.web.kit import forms
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.moves import done, key_of, said
from chalicelib.web.kit.pages import page, see, status_of

SEEN = re.compile(r"(\d{1,7})/(-?\d{1,15})", re.ASCII)
FIELDS: Mapping[str, str] = {  # of a filter, as pages call them
    "month": "Firm in",
    "project": "Project",
    "contract": "Contract",
    "company": "Contractor",
    "source": "Taken from",
    "nature": "Nature",
    "status": "Why it waits",
}
SPOT = re.compile(r"20\d\d#\d{9}", re.ASCII)
DONE: Mapping[str, str] = {
    "seal": "The batch is being sealed. Its number and files are there in a moment.",
    "acknowledge": "Taken over. The batch is finance's now.",
    "counter": "The batch is being taken back by a counter-batch.",
    "open": "The period is open.",
    "close": "The period is closed for good.",
    "book": "The settlements are booked.",
    "state": "The balances are taken over.",
}


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
        "alone": desk.link.kind != "staff",
        "done": told,
        "said_done": DONE.get(told, ""),
    }


def _entity(entity: str) -> str:
    found = desk_of_office.entity_named(entity)
    return found.name if found else entity


@signed
def preview(desk: Desk) -> Response:
    return _preview(desk)


def _preview(desk: Desk) -> Response:
    chosen = _chosen(asked)
    found = sealing.preview(desk.entity, chosen, _cursor(desk.entity, asked("after", 800)))
    stopped = stops.of_entity(desk.entity)
    totals = sealing.totals(desk.entity, chosen)
    narrowed, opened = chosen.plain(), periods.of(desk.entity).opened()
    onward = {**narrowed, "after": json.dumps(dict(found.next))} if found.next else {}
    return page(
        "finance/preview.html",
        desk.lang,
        **frame(desk, ""),
        rows=[_line(line, desk.lang, stopped) for line in found.lines],
        count=totals.count,
        stopped=totals.stopped,
        stopped_sum=money.figures(totals.stopped_fen),
        sum=money.figures(totals.fen),
        tables=_tables(totals, desk.lang),
        opened=opened,
        chosen=this if (this := desk.this_month) in opened else max(opened, default=""),
        narrowed=narrowed,
        choices=[(name, FIELDS[name], _choices(name, its, desk.lang)) for name, its in totals.choices.items()],
        onward=f"?{urlencode(onward)}" if onward else "",
    )


def _tables(totals: Totals, lang: str) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        ("By contractor", _sums(totals.companies)),
        ("Contract by contract", _sums(totals.contracts)),
        ("By project", [(_project(code), fen) for code, fen in _sums(totals.projects)]),
        ("By source", [(money.source_word(k, lang), fen) for k, fen in _sums(totals.sources)]),
        ("By kind", [(money.nature_word(k, lang), fen) for k, fen in _sums(totals.natures)]),
    ]


def _choices(name: str, found: Mapping[str, str], lang: str) -> list[tuple[str, str]]:
    """(value, what it is called) of what there is to narrow by, in order of what it is called."""
    return sorted(
        ((value, _called(name, value, label, lang)) for value, label in found.items()), key=lambda one: one[1]
    )


def _called(name: str, value: str, label: str, lang: str) -> str:
    """What a choice is called on a page."""
    words = {"source": money.source_word, "nature": money.nature_word, "status": money.waiting_word}
    if name == "project":
        return _project(value)
    return words[name](value, lang) if name in words else label


def _project(code: str) -> str:
    return premises.called(code) or code


def _chosen(read: Any) -> Filter:
    return Filter(**{name: read(name, 80) for name in sealing.NARROWS})


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


def _line(line: Shown, lang: str, stopped: Mapping[str, str]) -> dict[str, Any]:
    ground = held_back(line, stopped)
    return {
        "number": line.number,
        "company": line.company_name or line.company,
        "contract": line.contract_number or line.contract,
        "project": _project(line.project),
        "source": money.source_word(line.source, lang),
        "fen": money.figures(line.fen),
        "kind": "reversal" if line.fen < 0 else "",
        "packed": line.proved,
        "unpacked": line.unpacked,
        "firm_on": line.firm_on,
        "natures": [(money.nature_word(nature, lang), money.figures(fen)) for nature, fen in line.natures.items()],
        "stop": releases.ground_word(ground, lang) if ground else "",
    }


@signed
def confirm(desk: Desk) -> Response:
    return _confirm(desk, asked)


def _confirm(desk: Desk, read: Any, refused: Refused | None = None) -> Response:
    """What would be sealed as it is now; whoever reads it seals that or nothing."""
    chosen, period = _chosen(read), read("period", 10)
    totals = sealing.totals(desk.entity, chosen, by=desk.by.id)
    narrowed = chosen.plain()
    return page(
        "finance/confirm.html",
        desk.lang,
        status=status_of(refused) if refused else 200,
        **frame(desk, ""),
        period=period,
        count=totals.count,
        sum=money.figures(totals.fen),
        own=totals.own,
        bare=totals.bare,
        stopped=totals.stopped,
        stopped_sum=money.figures(totals.stopped_fen),
        tables=_tables(totals, desk.lang),
        facts=[
            (FIELDS[name], _called(name, value, totals.choices[name].get(value, value), desk.lang))
            for name, value in narrowed.items()
        ],
        hidden=[*narrowed.items(), ("period", period), ("seen", f"{totals.count}/{totals.fen}")],
        back=f"?{urlencode(narrowed)}" if narrowed else "",
        overtaken=reasons.explain(refused, desk.lang) if refused else "",
    )


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
            seen=_seen(form.plain("seen", 40)),
        )
    except Refused as refused:
        return _confirm(desk, form.plain, refused)
    return see(f"{desk.base}/batch/{parts(batch.id)[1]}?done={done('seal', desk.at)}")


def _seen(text: str) -> tuple[int, int]:
    """How many and how much the page showed; nothing, where it does not say so."""
    found = SEEN.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


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


def _batch(desk: Desk, one: Batch, refused: Refused | None = None, words: str = "") -> Response:
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
        why=one.why_countered,
        taken_back=_taken_back(one),
        words_typed=words,
        wrong=reasons.explain(refused, desk.lang) if isinstance(refused, Invalid) else "",
        overtaken=reasons.explain(refused, desk.lang) if refused and not isinstance(refused, Invalid) else "",
    )


def _taken_back(one: Batch) -> tuple[str, str]:
    """(number, why) of the batch that a counter-batch takes back."""
    if not one.counters:
        return "", ""
    other: Batch = record.load(one.counters)
    return other.number, other.why_countered


@signed
def act(desk: Desk, batch: str, move: str) -> Response:
    one = _one(desk, batch)
    form = forms.read(request())
    words = form.text("words", MAX_WORDS)
    try:
        if move == "acknowledge":
            sealing.acknowledge(desk.entity, one.number, desk.by, desk.at, key=key_of(form))
        elif move == "counter":
            period = form.plain("period", 10)
            one = sealing.counter(
                desk.entity, one.number, desk.by, desk.at, period=period, words=words, key=key_of(form)
            )
        else:
            raise NotFound
    except NotFound:
        raise
    except Refused as refused:
        return _batch(desk, one, refused, words)
    return see(f"{desk.base}/batch/{one.number or parts(one.id)[1]}?done={done(move, desk.at)}")


@signed
def file(desk: Desk, batch: str, n: str) -> Response:
    one = _one(desk, batch)
    if not (n.isascii() and n.isdigit() and int(n) < len(one.files)):
        raise NotFound
    found, answer = one.files[int(n)], see("")
    answer.headers["Location"] = archive.presigned_file(found.key, found.name)
    return answer
