"""What the reports of a ledger call their sheets and columns."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.money.report import AGES
from chalicelib.language.catalogue import catalogue

TEXTS: Mapping[str, str] = {
    "roll": "Roll-forward",
    "ageing": "Ageing",
    "unsealed": "Approved, not exported",
    "unbooked": "Exported, not booked",
    "unapproved": "Incurred, not approved",
    "company": "Contractor",
    "contract": "Contract number",
    "project": "Project",
    "number": "Deduction number",
    "opening": "Opening",
    "approved": "Approved",
    "reversed": "Reversed",
    "recovered": "Recovered",
    "written_off": "Written off",
    "closing": "Closing",
    "total": "Total",
    "amount": "Amount",
    "stage": "State",
    "since": "Since",
    "days": "Days",
    "proposed": "put forward",
    "stage_approved": "approved",
    "noticed": "notice out",
    "disputed": "disputed",
    "firm": "firm",
}


def said(key: str, lang: str) -> str:
    """A heading, or the word of a stage."""
    return catalogue(lang).pgettext("report", TEXTS[key])


def stage(name: str, lang: str) -> str:
    """The account that a deduction stands on."""
    return said({"approved": "stage_approved"}.get(name, name), lang)


def ages(lang: str) -> list[str]:
    """The headings of an ageing: up to so many days, and more than the last."""
    say = catalogue(lang).pgettext
    upto = [say("report", "up to {days} days").format(days=days) for days in AGES]
    return [*upto, say("report", "more than {days} days").format(days=AGES[-1])]
