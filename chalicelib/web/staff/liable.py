"""Who is liable, on a staff page: what stands, what may be found, quoted, decided; and the forms that send it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.making import MAX_WORDS
from chalicelib.domain.record.reference import parts
from chalicelib.domain.record.roles import OFFICES, Role
from chalicelib.domain.ticket import liability
from chalicelib.domain.ticket.finding import ACCESS_REASONS
from chalicelib.domain.ticket.liability import CONTRACTOR, PARTIES, Share
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.language import liability as said
from chalicelib.services.access.opening import Opened
from chalicelib.services.warranty import answering, judging
from chalicelib.web.kit.forms import Form
from chalicelib.web.kit.kept import Kept
from chalicelib.web.kit.moves import Read
from chalicelib.web.kit.typed import fen, thousandths

SHARES, LINES = 3, 6  # rows of the forms
FINDS = frozenset({"find", "correct_finding"})
NAMES = FINDS | {"appraise", "decide_liability"}
# Of what the ticket carries, what is shown.
SHOWN = ("payer", "owner", "contractor", "why", "contract", "contracts", "cause", "shares", "state", "fen")
_stands = Kept("staff/stands.html", "house")


def shown(ticket: Ticket, lang: str, *, inside: bool = True) -> Markup:
    """What stands: who bears it, both sides by dates with the reasoning, what was found.

    `inside`: with whose it is in the developer's own house, for those who work there.
    """
    if not ticket.verdict and not ticket.finding:
        return Markup("")
    parts = (ticket.verdict, ticket.decision, ticket.finding, ticket.quote)
    stands = [[part.get(name) for name in SHOWN] for part in parts]
    whose = answering.of_ticket(ticket) if inside else None
    house = " · ".join(name for name in (whose.department, whose.person) if name) if whose else ""
    known = (repr(stands), ticket.access, ticket.disputed, ticket.appraised, ticket.is_open, bool(house))
    return Markup(
        _stands.text(lang, known, lambda: {"liable": _facts(ticket, lang), "in_house": bool(house)}, house=house)
    )


def _facts(ticket: Ticket, lang: str) -> dict[str, Any]:
    verdict, quote = ticket.verdict, ticket.quote
    sides = [(name, *verdict[name]) for name in ("owner", "contractor") if name in verdict]
    return {
        "bears": said.shares_text(liability.shares(ticket), judging.names(ticket), lang),
        "provisional": not ticket.finding,
        "sides": [(name, start, end, said.standing_word(state, lang)) for name, start, end, state in sides],
        "why": [said.reason_text(code, facts, lang) for code, facts in verdict.get("why", ())],
        "found": said.cause_word(ticket.finding["cause"], lang) if ticket.finding else "",
        "appraised": ticket.appraised,
        "waits": liability.for_office(ticket),
        "barred": ticket.access == "barred",
        "quote": {"state": quote["state"], "total": said.yuan(quote["fen"], lang)} if quote else None,
    }


def cases(opened: Opened, base: str) -> list[tuple[str, str]]:
    """(contract, address) of the cases that a ticket stands under, for who looks after them by a link of their own."""
    if opened.grant.kind != "staff" or opened.actor.role not in OFFICES:
        return []
    token = base.split("/")[2]
    found = {contract: case for contract, case in opened.ticket.cases.items() if case}
    named = judging.names(opened.ticket) if found else {}
    return [(named.get(contract, contract), f"/b/{token}/{parts(case)[1]}") for contract, case in found.items()]


def situation(ticket: Ticket, role: Role, open_moves: Sequence[str], lang: str) -> dict[str, Any]:
    """What its forms depend on: causes, parties with the contracts that may be named, the shares as they stand."""
    made: dict[str, Any] = {"causes": (), "parties": (), "bearing": (), "barred": ()}
    if "note_access" in open_moves:
        made["barred"] = _barred(lang)
    if NAMES & {*open_moves}:
        names = judging.names(ticket, every=role is Role.OFFICE)
        parties = _parties(tuple(names.items()), liability.is_common(ticket), lang)
        bearing = [(_value(share), share.percent) for share in liability.shares(ticket)]
        known = {value for value, _ in parties}
        made |= {"parties": parties, "bearing": tuple(share for share in bearing if share[0] in known)}
        made["causes"] = _causes(ticket.category, ticket.component, lang)
    return made


@lru_cache(64)
def _barred(lang: str) -> tuple[tuple[str, str], ...]:
    return tuple((reason, said.access_word(reason, lang)) for reason in ACCESS_REASONS)


@lru_cache(256)
def _causes(category: str, component: str, lang: str) -> tuple[tuple[str, str], ...]:
    return tuple((cause.name, said.cause_word(cause.name, lang)) for cause in judging.causes(category, component))


@lru_cache(256)
def _parties(names: tuple[tuple[str, str], ...], common: bool, lang: str) -> tuple[tuple[str, str], ...]:
    contractor = said.payer_word(CONTRACTOR, lang)
    made = [(f"{CONTRACTOR}:{contract}", f"{contractor} {name}") for contract, name in names]
    made.append((f"{CONTRACTOR}:", said.word_unnamed(lang)))
    others = [party for party in PARTIES if party not in (CONTRACTOR, "owner" if common else "fund")]
    return (*made, *((party, said.payer_word(party, lang)) for party in others))


def _value(share: Share) -> str:
    return f"{CONTRACTOR}:{share.contract}" if share.party == CONTRACTOR else share.party


def _shares(form: Form) -> list[list[object]]:
    """The rows in which a party was chosen. Raises Invalid."""
    made: list[list[object]] = []
    for n in range(1, SHARES + 1):
        party, _, contract = form.text(f"who_{n}", 120).partition(":")
        percent = form.plain(f"part_{n}", 10).rstrip("%").strip()
        if not party and not percent:
            continue
        if not party or not (percent.isascii() and percent.isdigit()):
            raise Invalid("shares", "no_percent" if party else "required")
        made.append([party, int(percent), contract])
    return made


def _find(form: Form, at: datetime) -> Read:
    facts = {"cause": form.text("cause", 40), "shares": _shares(form)}
    return facts, {"words": form.text("words", MAX_WORDS), "photos": form.photos()}


def _appraise(form: Form, at: datetime) -> Read:
    upheld = {"yes": True, "no": False}.get(form.text("upheld", 10))
    facts: dict[str, Any] = {"upload": form.plain("upload", 40)} | ({} if upheld is None else {"upheld": upheld})
    facts |= {"shares": _shares(form)} if upheld is False else {}
    return facts, {"words": form.text("words", MAX_WORDS), "photos": form.photos()}


def _decide(form: Form, at: datetime) -> Read:
    payer, _, contract = form.text("payer", 120).partition(":")
    return {"payer": payer, "contract": contract}, {"words": form.text("words", MAX_WORDS)}


def _quote(form: Form, at: datetime) -> Read:
    """Quantities in thousandths, prices in fen; an empty row is none. Raises Invalid."""
    lines, items = [], []
    for n in range(1, LINES + 1):
        item, quantity, price = (form.text(f"{name}_{n}", 200) for name in ("item", "quantity", "price"))
        if item or price:
            lines.append([thousandths(quantity or "1", "lines"), fen(price, "lines")])
            items.append(item)
    return {"lines": lines}, {"items": items, "words": form.text("words", MAX_WORDS)}


def _access(form: Form, at: datetime) -> Read:
    what, reason = form.text("what", 20), form.text("reason", 20)
    facts = {"what": what} | ({"reason": reason} if what == "refused" else {})
    return facts, {"words": form.text("words", MAX_WORDS)}


def _words(form: Form, at: datetime) -> Read:
    return {}, {"words": form.text("words", MAX_WORDS)}


READERS = {
    "find": _find,
    "correct_finding": _find,
    "dispute_finding": _words,
    "appraise": _appraise,
    "decide_liability": _decide,
    "quote": _quote,
    "note_access": _access,
}
