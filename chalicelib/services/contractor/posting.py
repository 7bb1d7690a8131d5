"""Messages about a case as they are read: the same forms as a ticket's, with the case's own facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.adapters.settings import settings
from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.clocks import promises
from chalicelib.domain.ticket.trade import Data
from chalicelib.language import deadlines, wording, words
from chalicelib.language.letters import title_of
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.registry import Posted, Recipient
from chalicelib.store.messages import Message


def sms(case: Case, message: Message, to: Recipient, at: datetime, link: str, code: str, page: str) -> Posted:
    """With the link, or with a code and the page to enter it at."""
    known = facts(case, message, to.lang, at, short=True)
    text = wording.sms(message.template, known, to.lang, settings().sms_signature, link=link, code=code, page=page)
    carried = {"link": link, "code": code}
    return Posted(text, parameters=known | {name: value for name, value in carried.items() if value})


def mail(case: Case, message: Message, to: Recipient, at: datetime, link: str) -> Posted:
    known = facts(case, message, to.lang, at)
    signature = settings().sms_signature
    letter = wording.mail(message.template, known, case, to.lang, signature, name=to.name, link=link, owner=False)
    return Posted(letter.body, letter.subject)


def facts(case: Case, message: Message, lang: str, at: datetime, *, short: bool = False) -> dict[str, str]:
    """What the texts may name: as of a ticket; `letter`, `number_of_letter` of a letter; `by` of the clock."""
    numbers = policy_for(case.place)
    event = case.events[message.event - 1]
    known = wording.about(case, lang, short=short)
    if due := _due(case, event.data):
        known["by"] = deadlines.dated(due, at, numbers.zone, lang, short=short)
    if event.data.get("clock"):
        known["clock"] = words.clock_word(str(event.data["clock"]), lang)
    if event.data.get("letter"):
        known |= {"letter": title_of(str(event.data["kind"]), lang), "letter_number": str(event.data["letter"])}
    if case.batch:
        known["count"] = str(len(case.tickets))
    return known


def _due(case: Case, told: Mapping[str, Any]) -> datetime | None:
    """As the event says, else when the clock that it names is due."""
    if (said := Data(told).deadline) is not None:
        return said
    clock = str(told.get("clock", ""))
    runs = promises(case, policy_for(case.place))
    return next((p.clock.due_at for p in reversed(runs) if p.name == clock and p.running), None)
