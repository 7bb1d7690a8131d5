"""What the warranty office may do with a case now: its forms, kept for every case in the same situation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from markupsafe import Markup

from chalicelib.adapters.ids import ulid
from chalicelib.domain.contractor import gates
from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.letter import OF_CASES, LetterKind
from chalicelib.domain.contractor.lifecycle import moves
from chalicelib.domain.contractor.words import Route
from chalicelib.domain.ticket.trade import Priority
from chalicelib.language.letters import title_of
from chalicelib.web.kit import pages
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.kept import Kept
from chalicelib.web.kit.moves import Tried
from chalicelib.web.office import forms as office_forms
from chalicelib.web.office.view import Seen

# moves whose forms stand elsewhere: beside a letter or worker, or on a page of their own
BESIDE = frozenset({"edit_letter", "engage", "stop_damage", "prove_delivery", "seal", "join", "take_back"})
ELSEWHERE = office_forms.RELEASES | BESIDE
# what comes next for the office, the first that is open to it
FIRST = (
    "answer_refusal",
    "confirm_in_writing",
    "agree_price",
    "accept",
    "accept_stop",
    "agree_inspection",
    "pass_gate",
)
DRAFTS = {f"release_{kind.value}": kind.value for kind in OF_CASES}

_kept = Kept("office/moves.html", "here", "key", "fen")


def forms(it: Seen, door: Door, tried: Tried) -> dict[str, Any]:
    """The forms of a case's page, and what is wrong in one of them.

    They are kept for every case in the same situation; with something typed, they are made anew.
    """
    case, at, lang = it.case, it.said.at, it.said.lang
    now = situation(it)
    wrong = {"wrong_move": tried.move, "wrong": tried.wrong(lang), "kept": tried.kept}
    quoted = case.job.quoted if case.job and case.job.quoted else 0
    own = {"here": pages.root() + door.base, "key": ulid(at), "fen": str(quoted)}

    def more() -> dict[str, Any]:
        return {**now, **wrong, "now": at}

    text = _kept.anew(lang, more(), **own) if tried.fault else _kept.text(lang, tuple(now.values()), more, **own)
    known = now["moves"]
    return {
        **wrong,
        "fragments": Markup(text),
        "legal": known,
        "drafts": [(DRAFTS[one], title_of(DRAFTS[one], lang)) for one in known if one in DRAFTS and _ready(case, one)],
        "key": own["key"],
        "here": own["here"],
        "today": now["today"],
        "overtaken": tried.overtaken(lang),
        "unsent": "" if tried.move in known else tried.unsent,
    }


def _ready(case: Case, release: str) -> bool:
    """Whether a letter is asked for: a reminder once something was missed, an invitation once it is known to what."""
    if release == "release_reminder":
        return case.cause is not None and case.arrived(LetterKind.NOTICE) is not None
    if release == "release_third_party_notice":
        appointed, sent = case.last("appointed"), case.letter(LetterKind.THIRD_PARTY_NOTICE)
        known = appointed is not None and case.job is not None and case.job.starts is not None
        return known and (sent is None or appointed is None or sent.event < appointed.version)
    return True


def situation(it: Seen) -> dict[str, Any]:
    """What the forms depend on: the same for many cases, and nothing about persons."""
    case, role = it.case, it.opened.actor.role
    ways = [route for route, found in it.gates.items() if route is not Route.STOP and gates.passed([*found])]
    stop = case.stop
    makes_sense = {
        "agree_inspection": case.proposed is not None and case.proposer != "office",
        "pass_gate": bool(ways),
        "agree_price": case.job is not None and case.job.quoted is not None,
        "invoice": _owes_invoice(case),
        "accept_stop": bool(stop and stop.done_at and not stop.accepted_at),
        "stop_damage": case.priority is Priority.EMERGENCY,
        "take_back": bool(case.workers),
    }
    open_moves = [name for name in moves(case, role) if name in office_forms.READERS and makes_sense.get(name, True)]
    shown = tuple(name for name in open_moves if name not in ELSEWHERE)
    today = it.said.at.astimezone(it.said.zone).date()
    return {
        "moves": tuple(open_moves),
        "shown": shown,
        "main": next((name for name in FIRST if name in shown), ""),
        "today": today.isoformat(),
        "last": (today + timedelta(days=62)).isoformat(),
        "ways": tuple(route.value for route in ways),
        "stops": "stop_of_damage" if _stop_owes(case) else "",
    }


def _stop_owes(case: Case) -> bool:
    return bool(case.stop and case.stop.done_at and not case.stop.invoiced_at)


def _owes_invoice(case: Case) -> bool:
    job = case.job
    return bool(job and job.accepted_at and not job.invoiced_at) or _stop_owes(case)
