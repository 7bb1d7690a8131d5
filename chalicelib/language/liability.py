"""Who is liable, in words: payers, causes, the steps of a verdict, what happened, the one sentence for the owner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.domain.record.event import Event
from chalicelib.domain.ticket import liability
from chalicelib.domain.ticket.liability import Share
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.language.catalogue import word
from chalicelib.language.joining import aside, listed
from chalicelib.language.terms import TERMS

PAYERS = {
    "contractor": "Contractor",
    "developer": "Developer",
    "property": "Property company",
    "fund": "Maintenance fund",
    "owner": "Owner",
    "third_person": "Somebody else who caused it",
    "undecided": "To be decided by the warranty office",
}
CAUSES = {
    "waterproof_layer": "Waterproof layer failed",
    "sealant": "Sealing failed",
    "wall_crack": "Crack in the wall or slab",
    "pipe_sleeve": "Leak where a pipe passes through",
    "joint_leaks": "Joint or connection leaks",
    "faulty_fitting": "Faulty part",
    "wrong_fall": "Laid with the wrong fall",
    "blocked_by_rubble": "Blocked by rubble from building",
    "blocked_by_use": "Blocked by what was put in",
    "not_balanced": "Badly set or not balanced",
    "frozen": "Frozen",
    "wrong_wiring": "Wrong wiring",
    "overloaded": "Overloaded",
    "hollow": "Hollow, cracked or come off",
    "warped": "Warped",
    "badly_fitted": "Badly fitted",
    "leak_above": "Leak from another flat",
    "design": "Design",
    "upkeep": "Upkeep was missing",
    "renovation": "Damaged by renovation",
    "misuse": "Used wrongly",
    "wear": "Ordinary wear",
    "third_person": "Caused by somebody else",
    "force_majeure": "Force majeure",
    "other": "Something else, see the words",
}
REASONS = {  # the steps of a verdict; what stands in braces is in the step's facts
    "clause": "Contract {contract}, clause {clause}: from {start} until {end}",
    "law": "By law, {term}: from {start} until {end}",
    "no_start": "The day from which it counts is not entered",
    "not_handed_over": "Not handed over yet, as far as entered",
    "no_term": "Neither law nor contract names a term for it",
    "owner_table": "Owner, by the legal table: from {start} until {end}",
    "owner_promised": "Owner, by the quality certificate: from {start} until {end}",
    "owner_left": "Owner, as long as the contractor's term lasts: from {start} until {end}",
    "several": "Several contracts promise something for it: {contracts}",
    "no_clause": "No clause of any contract is about it",
    "in_term": "The contractor's term runs",
    "not_accepted": "The contractor's work was not accepted yet",
    "bought_out": "Contract {contract} was bought out of warranty",
    "gap": "The contractor's term is over and the owner's runs: the developer pays",
    "still_developers": "The contractor's term is over and nobody has the flat yet",
    "both_over": "Both terms are over",
    "both_over_common": "Both terms are over, and it is a common part",
}
STANDINGS = {"before": "not begun", "in": "in warranty", "out": "over", "gap": "over", "unknown": "not known"}
ACCESS = {
    "not_at_home": "Nobody at home",
    "other_time": "Another time is wanted",
    "bad_work": "The contractor's work was bad before",
    "damage": "The contractor damaged something",
    "conduct": "How the contractor's people behaved",
    "no_reason": "No reason given",
}
RESULTS = {"upheld": "What was found is upheld", "changed": "It was decided otherwise"}
OWNER: Mapping[str, str] = {
    "found": "It was inspected: {found}.",
    "finding_disputed owner": "You do not agree with what was found. It is appraised now.",
    "finding_disputed": "What was found is looked at once more.",
    "appraised": "It was appraised: {result}.",
    "quoted": "There is a quote for you: {amount}.",
    "quote_accepted": "You accepted the quote: {amount}.",
    "quote_declined": "You declined the quote.",
    "access_noted offered": "The contractor asked to come in.",
    "access_noted refused": "The contractor was not let in: {barred}.",
    "access_noted given": "The contractor may come in.",
}
STAFF: Mapping[str, str] = {
    "verdict_given": "By dates: {payer}",
    "verdict_decided": "The warranty office decided: {payer}",
    "found": "Inspected: {found}; {shares}",
    "finding_disputed owner": "The owner disputes what was found",
    "finding_disputed": "The contractor disputes what was found",
    "appraised": "Appraised: {result}",
    "quoted": "Quoted to the owner: {amount}",
    "quote_accepted": "The owner accepted the quote: {amount}",
    "quote_declined": "The owner declined the quote: {amount}",
    "access_noted offered": "Access asked for",
    "access_noted refused": "Access refused: {barred}",
    "access_noted given": "Access given",
    "access_noted": "Access to the flat",
    "money_moved": "Money moved by it: what was found stays",
    "compensation_claimed": "The owner claims compensation",
    "office_asked": "The warranty office is asked",
}


SENTENCES = {  # one of these stands on the owner's page
    "disputed": "What was found is being appraised; until then you are charged nothing.",
    "found theirs": "The inspection says that this is no warranty matter. You see a price first, and may say no.",
    "found in part": "The inspection says that this is warranty in part. You see the price of your part first.",
    "found fund": "Out of warranty: the maintenance fund is for such common parts. No owner gets a bill of his own.",
    "found free": "The inspection says that this costs you nothing.",
    "theirs": "By its dates the warranty is over. It is inspected first, and you see a price before anything is done.",
    "fund": "By its dates the warranty of this common part is over. No owner gets a bill of his own for it.",
    "until": "Under warranty until {end} by its dates: free of charge, unless the inspection says otherwise.",
    "open": "Whether it is under warranty is being looked into.",
    "free": "Free of charge by its dates, unless the inspection says otherwise.",
}


CLAIMS = {  # states of a compensation
    "claimed": "Claimed, an offer is due",
    "offered": "Offered, the owner's answer is due",
    "declined": "Offer declined",
    "agreed": "Agreed, approval is due",
    "rejected": "Not approved, another offer is due",
    "approved": "Approved, payment is due",
    "paid": "Paid",
    "refused": "Refused",
    "withdrawn": "Withdrawn",
}
CLAIMED = {  # what happened to it
    "claimed": "Claimed: {amount}",
    "offered": "Offered: {amount}",
    "declined": "Offer declined",
    "agreed": "Agreed and signed: {amount}",
    "rejected": "Not approved",
    "approved": "Approved: {amount}",
    "paid": "Paid on {on}: {amount}",
    "refused": "Refused",
    "withdrawn": "Withdrawn",
}


def claim_word(state: str, lang: str) -> str:
    return word("claim", CLAIMS.get(state, state), lang)


def claimed_sentence(event: Event, lang: str) -> str:
    """What happened to a compensation; "" for what only its clocks note."""
    if event.kind not in CLAIMED:
        return ""
    fen = int(event.data.get("fen", 0))
    facts = {"amount": yuan(fen, lang) if fen else "—", "on": str(event.data.get("on", ""))}
    return word("claimed", CLAIMED[event.kind], lang).format_map(facts)


def payer_word(payer: str, lang: str) -> str:
    return word("payer", PAYERS.get(payer, payer), lang)


def word_unnamed(lang: str) -> str:
    """A contractor whose contract nobody on site can name."""
    return word("payer", "Contractor, the office names the contract", lang)


def cause_word(cause: str, lang: str) -> str:
    return word("found", CAUSES.get(cause, cause), lang)


def access_word(reason: str, lang: str) -> str:
    return word("access", ACCESS.get(reason, reason), lang)


def standing_word(state: str, lang: str) -> str:
    return word("standing", STANDINGS.get(state, state), lang)


def yuan(fen: int, lang: str) -> str:
    """1,234.50元; CNY 1,234.50."""
    return word("money", "CNY {amount}", lang).format(amount=f"{fen // 100:,}.{fen % 100:02}")


def reason_text(code: str, facts: Mapping[str, str], lang: str) -> str:
    """A step of a verdict."""
    term = facts.get("term", "")
    named = {**facts, "term": word("term", TERMS.get(term, term), lang)}
    return word("verdict", REASONS.get(code, code), lang).format_map(_Known(named))


def shares_text(found: Iterable[Share], names: Mapping[str, str], lang: str) -> str:
    """Who bears what. `names`: of contracts, as a reader may see them."""

    def said(share: Share) -> str:
        who = payer_word(share.party, lang)
        if name := names.get(share.contract):
            who += aside(name, lang)
        return who if share.percent == liability.WHOLE else f"{who} {share.percent} %"

    return listed((said(share) for share in found), lang)


def facts(event: Event, lang: str) -> dict[str, str]:
    """What the sentences of these events name."""
    d, known = event.data, dict[str, str]()
    if "payer" in d:
        known["payer"] = payer_word(str(d["payer"]), lang)
    if event.kind == "found":
        known["found"] = cause_word(str(d.get("cause", "")), lang)
        known["shares"] = shares_text((Share(*share) for share in d.get("shares", ())), {}, lang)
    if "result" in d:
        known["result"] = word("appraisal", RESULTS.get(str(d["result"]), str(d["result"])), lang)
    if "fen" in d:
        known["amount"] = yuan(int(d["fen"]), lang)
    if event.kind == "access_noted":
        known["barred"] = access_word(str(d.get("reason", "")), lang)
    return known


def variant(event: Event) -> str:
    """What tells apart the sentences of one kind of event."""
    return str(event.data.get("what" if event.kind == "access_noted" else "side", ""))


def for_owner(ticket: Ticket, lang: str) -> str:
    """The one sentence that the owner reads of it: what it costs him, as things stand; "" while nothing is known."""
    bears = {share.party for share in liability.shares(ticket)}
    if not bears or (ticket.verdict.get("cause") == liability.UNASKED and not ticket.finding):
        return ""
    side: Sequence[str] = ticket.verdict.get("owner", ("", "", ""))
    end = side[1] if side[2] == "in" else ""
    return word("owner's verdict", SENTENCES[_sentence(ticket, bears, end)], lang).format(end=end)


def _sentence(ticket: Ticket, bears: set[str], end: str) -> str:
    if ticket.disputed:
        return "disputed"
    if ticket.finding:
        if liability.OWNER in bears:
            return "found theirs" if len(bears) == 1 else "found in part"
        return "found fund" if liability.FUND in bears else "found free"
    if bears == {liability.OWNER}:
        return "theirs"
    if bears == {liability.FUND}:
        return "fund"
    if end:
        return "until"
    return "open" if liability.UNDECIDED in bears else "free"


class _Known(dict[str, Any]):
    """Facts by name; one that an old event lacks leaves nothing behind."""

    def __missing__(self, key: str) -> str:
        return "…"
