"""Messages about a retention and its release as they are read: the contract, the place, the amount, by when."""

from __future__ import annotations

from datetime import datetime

from chalicelib.adapters.settings import settings
from chalicelib.domain.money.release import Release
from chalicelib.domain.money.release_clocks import runs
from chalicelib.domain.record.promise import deadline
from chalicelib.language import deadlines
from chalicelib.language import releases as wording
from chalicelib.language.liability import yuan
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.registry import Posted, Recipient
from chalicelib.store.messages import Message


def sms(one: Release, message: Message, to: Recipient, at: datetime, link: str, code: str, page: str) -> Posted:
    """With the link, or with a code and the page to enter it at."""
    known = facts(one, message, to.lang, at, short=True)
    text = wording.sms(message.template, known, to.lang, settings().sms_signature, link=link, code=code, page=page)
    carried = {"link": link, "code": code}
    return Posted(text, parameters=known | {name: value for name, value in carried.items() if value})


def mail(one: Release, message: Message, to: Recipient, at: datetime, link: str) -> Posted:
    letter = wording.mail(
        message.template, facts(one, message, to.lang, at), to.lang, settings().sms_signature, to.name, link
    )
    return Posted(letter.body, letter.subject)


def facts(one: Release, message: Message, lang: str, at: datetime, *, short: bool = False) -> dict[str, str]:
    """What the texts may name."""
    event = one.events[message.event - 1]
    numbers = policy_for(one.place)
    known = {"contract": one.number, "where": one.place.get("label", "")}
    if fen := int(event.data.get("fen") or one.fen or one.asked or one.left):
        known["amount"] = yuan(fen, lang)
    clock = str(event.data.get("clock", ""))
    if clock:
        known["clock"] = wording.clock_word(clock, lang)
    by = deadline([run for run in runs(one, numbers) if not clock or run.name == clock])
    if by:
        known["by"] = deadlines.dated(by[1], at, numbers.zone, lang, short=short)
    if ground := event.data.get("ground"):
        known["ground"] = wording.ground_word(str(ground), lang)
    return known
