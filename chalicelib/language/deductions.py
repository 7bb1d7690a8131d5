"""A deduction in words: the conditions of gate B, what each still lacks, what happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.record.event import Event
from chalicelib.language import cases
from chalicelib.language.catalogue import word
from chalicelib.language.liability import yuan
from chalicelib.language.money import basis_word, ground_word, source_word

CONDITIONS: Mapping[str, str] = {
    "gate_a": "A third party was engaged by right",
    "confirmed": "Stopping the damage was confirmed in writing",
    "finding": "Inspected: the contractor bears it, undisputed",
    "noticed": "The notice is about this very defect",
    "price": "The price stands on a price list or on quotes",
    "accepted": "The work was accepted",
    "scope": "What was done is what the notice named",
    "measured": "Two people measured the same quantities",
    "invoiced": "The invoice is to the entity, used once, its original kept",
    "paid": "The third party was paid, with the proof",
    "loss": "No owner's claim is open",
}
LACKS: Mapping[str, str] = {
    "gate_a": "no third party is engaged yet",
    "confirmed": "the contractor has no confirmation yet",
    "finding": "a ticket has no share of the contractor, or it is disputed",
    "noticed": "no notice yet",
    "price": "no price yet",
    "accepted": "not accepted yet",
    "scope": "nobody has compared it yet",
    "measured": "two people who agree are needed",
    "invoiced": "the invoice has not been checked yet",
    "paid": "no proof of payment yet",
    "loss": "an owner's claim is still open",
}
EVENTS: Mapping[str, str] = {
    "opened": "The evidence is being gathered",
    "measured": "Quantities measured",
    "scope_checked": "Compared with the notice: all of it",
    "scope_checked beyond": "Compared with the notice: {beyond} are beyond it",
    "invoice_checked": "Invoice {invoice} checked: {allocated} of {total}",
    "third_paid": "The third party was paid: {amount}, voucher {voucher}",
    "proposed": "Put forward: {total}",
    "half_approved": "Approved once: a second person is needed",
    "approved": "Approved, number {deduction}",
    "rejected": "Rejected",
    "dropped": "Dropped",
    "confirmed": "The contractor agrees to the amount",
    "disputed": "The contractor objects to {amount}: {ground}",
    "objection_over": "Nobody objected in time",
    "dispute_decided": "The objection was decided: {upheld} upheld",
    "firm": "Firm: {basis}",
    "reversed": "Reversed by {amount}",
    "write_off_asked": "To be written off: {amount}",
    "write_off_refused": "It is not written off",
    "written_off": "Written off: {amount}",
    "recovered": "Recovered: {amount} from {source}, voucher {voucher}",
    "refunded": "Refunded: {amount}, voucher {voucher}",
    "evidence_packed": "The evidence pack was made",
    "evidence_failed": "The evidence pack could not be made",
    "evidence_asked": "The evidence pack is to be made again",
    "closed": "Settled",
}


def condition_word(name: str, lang: str) -> str:
    return word("gate", CONDITIONS.get(name, name), lang)


def lack_word(name: str, lang: str) -> str:
    """What a condition that is not met lacks."""
    return word("gate", LACKS.get(name, name), lang)


def event_sentence(event: Event, lang: str, tz: str, names: Mapping[str, str], now: datetime) -> str:
    """What happened to a deduction; of letters and clocks as to a case."""
    key = f"{event.kind} beyond" if event.data.get("beyond") else event.kind
    if key not in EVENTS:
        return cases.event_sentence(event, lang, tz, names, now)
    sentence = word("deduction event", EVENTS[key], lang)
    return sentence.format_map(_facts(event.data, lang)) if "{" in sentence else sentence


def _facts(d: Mapping[str, Any], lang: str) -> Mapping[str, str]:
    amounts = {"beyond": "beyond", "allocated": "allocated", "total": "total", "fen": "amount", "upheld_fen": "upheld"}
    found = {said: yuan(int(d[name]), lang) for name, said in amounts.items() if name in d}
    found |= {"invoice": str(d.get("number", "")), "deduction": str(d.get("number", ""))}
    found["voucher"] = str(d.get("voucher", ""))
    for name, said in (("ground", ground_word), ("source", source_word), ("basis", basis_word)):
        if name in d:
            found[name] = said(str(d[name]), lang)
    return found
