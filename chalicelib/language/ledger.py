"""What the proof of a ledger finds wrong, in words."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.language.catalogue import catalogue

SENTENCES: Mapping[str, str] = {
    "unbalanced": "debit and credit differ",
    "no_amount": "an entry moves nothing",
    "twice": "an event is entered twice",
    "wrong_side": "an account is on its wrong side",
    "differ": "batches and ledger differ",
    "closing_differs": "the closing kept differs from the entries",
    "missing": "{more} entries are missing",
    "too_many": "{more} entries too many",
    "in_two": "is in two batches: {more}",
    "content_differs": "the entries are not what was sealed",
    "elsewhere": "doesn't know that it is in {more}",
    "file_absent": "the file is not there",
    "file_changed": "the file is not what it was",
    "file_sum": "the file has another sum",
    "gap": "the numbers have a gap",
}


def said(what: str, more: str, lang: str) -> str:
    """One fault as a sentence."""
    return catalogue(lang).pgettext("ledger", SENTENCES[what]).format(more=more)
