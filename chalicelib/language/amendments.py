"""What is told of an amendment: to the contacts that a company had until now, and to the warranty office.

about   the company's name, or the number of the contract       what   which parts of it change       day   from when
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from chalicelib.domain.contractor.amendment import Difference
from chalicelib.domain.record.text import line
from chalicelib.domain.register.cells import YES_NO
from chalicelib.domain.register.labels import LANGUAGES, SKILLS
from chalicelib.domain.register.sheets_contracts import DUTIES, KINDS, STARTS
from chalicelib.language import times, words
from chalicelib.language.catalogue import word
from chalicelib.language.faults import TERMS, called, column_word, component_named
from chalicelib.language.liability import yuan
from chalicelib.language.text import Text

PARTS: Mapping[str, str] = {
    "contacts": "authorised contacts",
    "addresses": "agreed addresses",
    "account": "account",
    "clauses": "clauses",
    "caps": "caps",
    "details": "other details",
}
# What a field is called by, where its column has another name, or stands on another sheet.
COLUMNS_OF: Mapping[str, tuple[str, str]] = {
    "cure_days": ("clauses", "cure"),
    "defect_liability_months": ("contracts", "defect_liability"),
    "prices": ("prices", "price"),
    "contacts": ("company_people", "duty"),
    "team": ("company_people", "duty"),
    "projects": ("third_parties", "projects"),
}
MONEY = frozenset({"amount", "retention", "bond", "fee_cap", "penalty", "cap"})
RATES = frozenset({"tax_rate", "retention_rate", "fee_rate", "penalty_rate"})
LABELS_OF: Mapping[str, Mapping[str, str]] = {
    "trades": SKILLS,
    "kind": KINDS,
    "starts": STARTS,
    "lang": LANGUAGES,
}
TEXTS: Mapping[str, Text] = {
    "amendment_proposed": Text(
        (
            "{about}: {what} are to change. If this isn't yours, tell the warranty office.",
            "{what} are to change. If this isn't yours, tell the warranty office.",
            "Your record is to change. Not you? Tell the warranty office.",
        ),
        "Your record is to change",
        "Somebody has entered a change of {what} of {about}. A second person has to confirm it before it holds.",
        ("If you know nothing of it, please tell the warranty office at once.",),
    ),
    "amendment_confirmed": Text(
        (
            "{about}: other {what} hold from {day}. If this isn't yours, tell the warranty office.",
            "Other {what} hold from {day}. If this isn't yours, tell the warranty office.",
            "Your record changes on {day}. Not you? Tell us at once.",
        ),
        "Your record changes",
        "The change of {what} of {about} was confirmed. It holds from {day}.",
        ("If you know nothing of it, please tell the warranty office at once.",),
    ),
    "amendment_overtaken": Text(
        (
            "{about}: the change of {what} no longer fits what is stored. Please enter it again.",
            "The change of {what} no longer fits what is stored. Please enter it again.",
            "A confirmed change did not hold. Please enter it again.",
        ),
        "A confirmed change does not fit any more",
        "The change of {what} of {about} was confirmed, but what it was to change is no longer as it was.",
        ("It was left out. Please enter it again.",),
    ),
    "amendment_waits": Text(
        (
            "{about}: a change of {what} waits for a second person.",
            "A change of {what} waits for a second person.",
            "A change waits for a second person.",
        ),
        "A change waits for a second person",
        "Somebody has entered a change of {what} of {about}. It holds once somebody else has confirmed it.",
        ("The contacts that are known until now were told.",),
    ),
}


def facts(about: str, parts: Iterable[str], since: date | None, lang: str) -> dict[str, str]:
    """What the texts may name."""
    what = words.listed((part_word(part, lang) for part in parts), lang)
    return {"about": line(about), "what": what, "day": since.isoformat() if since else ""}


def part_word(part: str, lang: str) -> str:
    """What of a company or contract changes."""
    return word("amendment", PARTS.get(part, part), lang)


def difference_words(one: Difference, lang: str) -> tuple[str, str, str]:
    """What changes, as it was and as it is to be, as the workbook calls all three."""
    sheet, name = COLUMNS_OF.get(one.field, (one.where, one.field))
    column = column_word(sheet, name, lang)
    what = words.pair(one.of, column, lang) if one.of else column
    return what, _value(one, one.old, lang), _value(one, one.new, lang)


def rate_text(basis_points: int) -> str:
    """3%."""
    return f"{basis_points / 100:g}%"


def term_text(term: Sequence[Any], lang: str) -> str:
    """A term, (number, season; "": months), as the workbook writes it."""
    number, season = term
    return word("register", TERMS[season], lang).format(n=number)


def _value(one: Difference, value: Any, lang: str) -> str:
    if value is None:
        return word("amendment", "nothing", lang)
    if one.field in MONEY:
        return yuan(int(value), lang)
    if one.field in RATES:
        return rate_text(value)
    if isinstance(value, bool):
        return called(YES_NO, "yes" if value else "no", lang)
    if one.field in ("term", "defect_liability_months"):
        return term_text(value if one.field == "term" else (value, ""), lang)
    if one.field in ("response", "cure_days"):
        days = one.field == "cure_days"
        spans = ((p, timedelta(days=n) if days else timedelta(seconds=n)) for p, n in value.items())
        return words.listed((f"{words.priority_word(p, lang)} {times.span_of(span, lang)}" for p, span in spans), lang)
    if one.field == "components":
        return words.listed((component_named(str(name), lang) for name in value), lang)
    if one.field == "contacts":
        told = (f"{c['id']} {called(DUTIES, c['duty'], lang)} {c.get('level', 1)}" for c in value)
        return words.listed(told, lang)
    if one.field == "prices":
        return words.listed((f"{p['name']} {yuan(p['fen'], lang)}/{p['unit']}" for p in value.values()), lang)
    labels = LABELS_OF.get(one.field, {})
    if isinstance(value, list):
        return words.listed((called(labels, str(name), lang) for name in value), lang)
    return called(labels, str(value), lang)
