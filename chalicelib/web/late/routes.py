"""Why is it late? A clock that was missed as a bar over its time, drawn here, and as a table; the others in a line.

GET  /d/{token}/{ticket}/late  /w/{token}/{ticket}/late  /t/{token}/late    for staff: who was told, and when
GET  /o/{token}/late                                                        for the owner: plain words, no names
     ?all=1                                                                 every clock with its bar and its table

Where none was missed, the one that is due next stands in whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from chalice.app import Response
from markupsafe import Markup

from chalicelib.adapters.time import now
from chalicelib.domain.ticket.explaining import Account, Explanation, Piece
from chalicelib.domain.ticket.turns import cause
from chalicelib.language import times, words
from chalicelib.language.catalogue import catalogue
from chalicelib.language.deadlines import deadline
from chalicelib.language.turns import because
from chalicelib.services.ticket import lateness
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.pages import lang_of, page, render
from chalicelib.web.late.bar import WHY, draw, shade, when, why_word

ROWS, KEPT_ROWS = 24, 8  # a table longer than the first has that many rows at either end
VERDICTS = {
    "kept": "In time",
    "late": "Late",
    "over": "The owner's time is over",
    "running": "Running",
    "paused": "Paused",
}
TONES = {"kept": "done", "late": "late", "over": "waiting", "running": "open", "paused": "waiting"}
CHANGED = {
    "window_chosen": "appointment",
    "plan_agreed": "agreed plan",
    "priority_changed": "priority changed",
    "category_changed": "category changed",
    "place_changed": "place changed",
    "schedule_corrected": "holiday schedule corrected",
}
TOLD = {"warned": "Warned", "breached": "Told that it was missed", "reminded": "Reminded"}
HOURS = {"always": WHY["always"], "office": "working hours"}  # any other counts in service hours


def late(door: Door) -> Response:
    return _page(door)


def late_for_owner(door: Door) -> Response:
    return _page(door, owner=True)


def _page(door: Door, *, owner: bool = False) -> Response:
    at = now()
    told = lateness.why(door.token, door.kinds, at, door.ticket, roles=door.roles)
    ticket, found = told.ticket, told.explanation
    lang = lang_of(request(), ticket.lang if owner else "zh_CN")
    accounts = [a for a in found.accounts if not owner or a.for_owner]
    whole = accounts if asked("all") else _first(accounts)
    shown = [_shown(a, found, told, lang, at, owner) for a in whole]
    rest = sorted((a for a in accounts if a not in whole), key=lambda a: a.stopped)
    return page(
        "late/plain.html" if owner else "late/why.html",
        lang,
        now=at,
        tz=told.zone,
        known=told.known,
        t=ticket,
        back=door.base,
        state_word=words.state_word(ticket.state.value, lang, ticket.kind.value),
        late=[s for s in shown if s["a"].verdict == "late"],
        fine=sorted((s for s in shown if s["a"].verdict != "late"), key=lambda s: s["a"].stopped),
        legend=_legend(lang),
        rest=[_line(a, told.zone, lang, at) for a in rest],
    )


@cache
def _legend(lang: str) -> Markup:
    return Markup(render("late/legend.html", lang))


def _first(accounts: Sequence[Account]) -> list[Account]:
    """What stands in whole: what is past its deadline, else what is due next."""
    past = [a for a in accounts if a.verdict in ("late", "over")]
    running = [(a.due, n) for n, a in enumerate(accounts) if a.verdict == "running" and a.due]
    return past or [accounts[n] for _, n in sorted(running)[:1]]


def _line(account: Account, tz: str, lang: str, at: datetime) -> dict[str, Any]:
    """An account in one line: its deadline and the time left, when it was done, or what it waits for."""
    if account.stopped:
        said = times.clock_time(account.until, tz, lang, at)
    elif account.due:
        by = deadline(account.due, at, tz, lang, ours=account.ours)
        said = f"{by.when} · {by.left}"
    else:
        said = words.pause_word(account.paused_for, lang)
    verdict = catalogue(lang).gettext(VERDICTS[account.verdict])
    return {
        "a": account,
        "name": words.clock_word(account.name, lang),
        "verdict": verdict,
        "state": TONES[account.verdict],
        "said": said,
    }


def _shown(
    account: Account, found: Explanation, all_told: lateness.Told, lang: str, at: datetime, owner: bool
) -> dict[str, Any]:
    """An account in words: what the page says of one clock."""
    text = catalogue(lang).gettext
    tz, names = all_told.zone, all_told.names

    def hours(length: timedelta) -> str:
        return times.hours_of(length, lang)

    def clock(moment: datetime) -> str:
        return times.clock_time(moment, tz, lang, at)

    by = (
        deadline(account.due, account.until if account.stopped else at, tz, lang, ours=account.ours)
        if account.due
        else None
    )
    counted, without = timedelta(0), dict.fromkeys(account.without, timedelta(0))
    for piece, length in account.measured:
        if piece.counted:
            counted += length
        else:
            without[piece.why] += length
    why = cause(all_told.ticket, account)
    name, verdict = words.clock_word(account.name, lang), text(VERDICTS[account.verdict])
    label = text("%(clock)s: %(verdict)s. The table below says the same.") % {"clock": name, "verdict": verdict}
    rested = sum(without.values(), timedelta(0))
    changed = account.changes[-1] if account.changes else None
    return {
        "a": account,
        "name": name,
        "promise": words.promise_word(account.name, lang),
        "verdict": verdict,
        "state": TONES[account.verdict],
        "target": times.hours_of(account.target, lang),
        "first_target": times.hours_of(account.first_target, lang),
        "counts": text(HOURS.get(account.counts, WHY["shift"])),
        "worked": hours(counted),
        "rested": hours(rested) if rested else "",
        "whole": hours(counted + rested) if counted + rested else "",
        "span": when(account.started, account.until, tz, at),
        "cause": because(why, names, lang, "owner" if owner else "staff") if why else "",
        "until_fixed": changed is not None and changed.until is not None,
        "due": clock(account.due) if account.due else "",
        "by": by,
        "first": clock(account.first_due) if account.changes and account.first_due != account.due else "",
        "changed": text(CHANGED[changed.cause]) if changed and changed.cause in CHANGED else "",
        "changed_by_owner": bool(changed and changed.cause in ("window_chosen", "plan_agreed")),
        "started": clock(account.started),
        "stopped": clock(account.until) if account.stopped else "",
        "late_counted": hours(account.late_counted)
        if account.late_counted and account.late_counted != account.late_by
        else "",
        "left_counted": times.hours_of(account.left, lang) if account.left is not None else "",
        "paused": words.pause_word(account.paused_for, lang) if account.paused_for else "",
        "waits": [(why_word(named, lang), hours(length)) for named, length in without.items() if length],
        "rows": rows(account, lang, at, tz),
        "bar": draw(account, found.marks, lang, at, tz, names, owner, label),
        "told": [
            (
                text(TOLD[t.kind]) if t.kind in TOLD else words.level_word(t.level, lang),
                names.get(t.person, ""),
                clock(t.at),
                t.quiet,
            )
            for t in account.told
        ],
        "coming": [
            (words.level_word(int(str(m.which)), lang), clock(m.at)) for m in account.coming if m.kind == "level"
        ],
    }


def rows(account: Account, lang: str, at: datetime, tz: str) -> list[dict[str, Any]]:
    """The table's rows: when, how long, whether it counted and why. A long table is summed in the middle."""
    past = list(account.measured)
    if len(past) <= ROWS:
        return [_row(*p, lang, at, tz) for p in past]
    middle = past[KEPT_ROWS:-KEPT_ROWS]
    counted = sum((length for p, length in middle if p.counted), timedelta(0))
    without = sum((length for p, length in middle if not p.counted), timedelta(0))
    summed = {
        "when": when(middle[0][0].start, middle[-1][0].end, tz, at),
        "length": "",
        "shade": "mixed",
        "counted": None,
        "why": catalogue(lang).gettext("%(n)s stretches: %(counted)s counted, %(without)s not")
        % {"n": len(middle), "counted": times.hours_of(counted, lang), "without": times.hours_of(without, lang)},
    }
    ends = [_row(*p, lang, at, tz) for p in (*past[:KEPT_ROWS], *past[-KEPT_ROWS:])]
    return [*ends[:KEPT_ROWS], summed, *ends[KEPT_ROWS:]]


def _row(piece: Piece, length: timedelta, lang: str, at: datetime, tz: str) -> dict[str, Any]:
    return {
        "when": when(piece.start, piece.end, tz, at),
        "length": times.hours_of(length, lang),
        "shade": shade(piece),
        "counted": piece.counted,
        "why": why_word(piece.why, lang),
    }
