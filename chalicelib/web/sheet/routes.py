"""The completion sheet 维修服务确认单: one paper, for the owner to sign and for staff to look at and print.

GET  /d/{token}/{ticket}/sheet  /w/{token}/{ticket}/sheet  /t/{token}/sheet    for staff; the owner's: see owner
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalice.app import Response

from chalicelib.adapters.time import now
from chalicelib.domain import signature
from chalicelib.domain.record.roles import OUTSIDE
from chalicelib.domain.ticket.evidence import Item, Promised
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.language import times, words
from chalicelib.language.catalogue import catalogue
from chalicelib.services.ticket import sheet as sheets
from chalicelib.web.kit.asked import request
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.pages import lang_of, page
from chalicelib.web.staff import hidden
from chalicelib.web.staff import view as staff_view

STATES = {"done": "Done", "not_done": "Not done", "not_applicable": "Does not apply"}
CAUSES = {"refused": "the owner did not sign", "follow_up": "the follow-up found it not fixed"}


def sheet(door: Door) -> Response:
    at, lang = now(), lang_of(request())
    opened = door.open()
    ticket, outside = opened.ticket, opened.actor.role in OUTSIDE
    after = [
        f"{door.base}/photo/{n}"
        for n, (version, _) in enumerate(staff_view.numbered(ticket))
        if _after(ticket, version)
    ]
    return page(
        "sheet/sheet.html",
        lang,
        now=at,
        ticket=ticket,
        back=door.base,
        paper=_less(paper(ticket, lang, at, {}, after), ticket)
        if outside
        else paper(ticket, lang, at, staff_view.names_on(ticket), after),
    )


def _less(paper: dict[str, Any], ticket: Ticket) -> dict[str, Any]:
    """The sheet as somebody of a company sees it: that the owner signed, without name and hand."""
    said = {name: hidden.text(paper[name], ticket) for name in ("words", "checked_words")}
    rounds = [(when, cause, hidden.text(words, ticket)) for when, cause, words in paper["rounds"]]
    return {**paper, **said, "rounds": rounds, "reported": hidden.words_of(ticket), "ink": "", "signature": ""}


def _after(ticket: Ticket, version: int) -> bool:
    return ticket.events[version - 1].kind == "completed" and ticket.events[version - 1].said == ticket.said(
        "completed"
    )


def paper(ticket: Ticket, lang: str, at: datetime, names: Mapping[str, str], photos: Sequence[str]) -> dict[str, Any]:
    """Everything on the sheet, in words. `names`: person id → name as this reader may see it; `photos`: addresses."""
    found = sheets.sheet(ticket, at)
    e, text = found.evidence, catalogue(lang).gettext

    def full(moment: datetime) -> str:
        return times.full_time(moment, found.zone, lang)

    def who(person: str, role: str) -> str:
        return names.get(person) or words.role_word(role, lang)

    agreed = e.agreed.data.get("until") if e.agreed else None
    return {
        "company": found.company,
        "project": found.project,
        "reported": ticket.said("reported"),
        "reported_at": full(ticket.reported_at) if ticket.reported_at else "",
        "arrived": full(e.arrived.at) if e.arrived else "",
        "completed": full(e.completed.at) if e.completed else "",
        "who": who(e.completed.by, "technician") if e.completed else "",
        "words": str(e.completed.said.get("words", "")) if e.completed else "",
        "checklist": [_item(item, lang) for item in e.items],
        "promised": [_promised(p, lang, full) for p in e.promised],
        "rounds": [(full(r.at), text(CAUSES[r.cause]) if r.cause in CAUSES else "", r.words) for r in e.rounds],
        "agreed": (full(datetime.fromisoformat(agreed)), full(e.agreed.at)) if agreed and e.agreed else None,
        "signed": full(e.signed.at) if e.signed else "",
        "checked": e.signed is not None and e.signed.kind == "checked",
        "checked_by": _checked_by(e.signed.by, e.signed.role.value, names, lang) if e.signed else "",
        "checked_words": str(e.signed.said.get("words", "")) if e.signed and e.signed.kind == "checked" else "",
        "signature": str(e.signed.said.get("signature", "")) if e.signed else "",
        "ink": signature.drawn(str(e.signed.said.get("signature", ""))) if e.signed else "",
        "photos": list(photos) if e.completed else [],
        "printed": full(at),
    }


def _item(item: Item, lang: str) -> tuple[str, str, str, str]:
    """(state, entry, word, reason)."""
    word = catalogue(lang).pgettext("checked", STATES[item.state])
    return item.state, words.checklist_word(item.entry, lang), word, item.why


def _promised(promised: Promised, lang: str, full: Any) -> dict[str, Any]:
    return {
        "what": words.clock_word(promised.clock, lang),
        "run": promised.run,
        "first": full(promised.first),
        "last": full(promised.last) if promised.last != promised.first else "",
        "kept": full(promised.kept) if promised.kept else "",
        "late": promised.late,
        "by": times.span_of(promised.kept - promised.last, lang) if promised.late and promised.kept else "",
    }


def _checked_by(person: str, role: str, names: Mapping[str, str], lang: str) -> str:
    """地产客服 李强: the role, and the name where the reader may see it."""
    return " ".join(part for part in (words.role_word(role, lang), names.get(person, "")) if part)
