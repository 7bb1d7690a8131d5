"""Messages about a deduction as they are read: the same forms as a case's, with the deduction's own facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.adapters.settings import settings
from chalicelib.domain.money.deduction import Deduction
from chalicelib.domain.money.kind import runs
from chalicelib.language import deadlines, liability, wording, words
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.registry import Posted, Recipient
from chalicelib.store.messages import Message


@dataclass(frozen=True, slots=True)
class Subject:
    """The case that a deduction is of, as messages name it."""

    number: str
    place: Mapping[str, str]
    category: str
    component: str
    priority: str


def subject(one: Deduction) -> Subject:
    about = one.about
    return Subject(one.case_number, one.place, about["category"], about["component"], about["priority"])


def sms(one: Deduction, message: Message, to: Recipient, at: datetime, link: str, code: str, page: str) -> Posted:
    """With the link, or with a code and the page to enter it at."""
    known = facts(one, message, to.lang, at, short=True)
    text = wording.sms(message.template, known, to.lang, settings().sms_signature, link=link, code=code, page=page)
    carried = {"link": link, "code": code}
    return Posted(text, parameters=known | {name: value for name, value in carried.items() if value})


def mail(one: Deduction, message: Message, to: Recipient, at: datetime, link: str) -> Posted:
    known = facts(one, message, to.lang, at)
    signature = settings().sms_signature
    letter = wording.mail(
        message.template, known, subject(one), to.lang, signature, name=to.name, link=link, owner=False
    )
    return Posted(letter.body, letter.subject)


def facts(one: Deduction, message: Message, lang: str, at: datetime, *, short: bool = False) -> dict[str, str]:
    """What the texts may name: as of a case; the amount, the numbers of deduction and notice, the clock."""
    numbers = policy_for(one.place)
    told = one.events[message.event - 1].data
    known = wording.about(subject(one), lang, short=short)
    known["amount"] = liability.yuan(one.total, lang)
    if one.number:
        known["deduction"] = one.number
    if one.letter:
        known["letter_number"] = one.letter.number
    if told.get("fen"):
        known["amount_moved"] = liability.yuan(int(told["fen"]), lang)
    if clock := str(told.get("clock", "")):
        known["clock"] = words.clock_word(clock, lang)
        due = next((run.clock.due_at for run in runs(one, numbers) if run.name == clock), None)
        if due:
            known["by"] = deadlines.dated(due, at, numbers.zone, lang, short=short)
    return known
