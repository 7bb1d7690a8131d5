"""Messages of a ticket as they are read."""

from __future__ import annotations

from datetime import datetime

from chalicelib.adapters.settings import settings
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.language import wording
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.registry import Posted, Recipient
from chalicelib.services.ticket import choosing
from chalicelib.store.messages import Message

LATE = "late_for_you"  # says why
QUOTED = frozenset({"cancelled", "cancelled_for_you"})  # an e-mail of these quotes what was written


def sms(ticket: Ticket, message: Message, to: Recipient, at: datetime, link: str, code: str, page: str) -> Posted:
    """With the link, or with a code and the page to enter it at."""
    numbers, signature = policy_for(ticket.place), settings().sms_signature
    known = wording.facts(ticket, numbers, message.template, message.facts, to.lang, at, short=True)
    known |= _excuse(ticket, message, to.lang, at)
    text = wording.sms(message.template, known, to.lang, signature, link=link, code=code, page=page)
    carried = {"link": link, "code": code}
    return Posted(text, parameters=known | {name: value for name, value in carried.items() if value})


def mail(ticket: Ticket, message: Message, to: Recipient, at: datetime, link: str) -> Posted:
    """With the desks to call, for the owner; what was written is quoted where it is the message."""
    said = ticket.events[message.event - 1].said if message.template in QUOTED else {}
    told = {**message.facts, **({"words": said["words"]} if said.get("words") else {})}
    letter = wording.mail(
        message.template,
        wording.facts(ticket, policy_for(ticket.place), message.template, told, to.lang, at)
        | _excuse(ticket, message, to.lang, at),
        ticket,
        to.lang,
        settings().sms_signature,
        name=to.name,
        link=link,
        ladder=_ladder(ticket) if to.owner else (),
        owner=to.owner,
    )
    return Posted(letter.body, letter.subject)


def _excuse(ticket: Ticket, message: Message, lang: str, at: datetime) -> dict[str, str]:
    """What was promised, why it is late as things stand, and what is arranged instead."""
    if message.template != LATE:
        return {}
    from chalicelib.domain.ticket.turns import new_time, waits_for
    from chalicelib.language import turns, words

    numbers, clock = policy_for(ticket.place), str(message.facts.get("clock", ""))
    waits = waits_for(ticket, numbers, clock, at)
    excuse = {"promise": words.promise_word(clock, lang)}
    excuse["anew"] = turns.new_time_text(new_time(ticket, at), numbers.zone, lang, at, dated=True)
    return excuse | ({"because": turns.waits(waits, {}, lang, "owner")} if waits else {})


def _ladder(ticket: Ticket) -> list[tuple[str, str]]:
    """Names and phones of the desks that answer for the ticket's project, from the nearest up."""
    return [(rung.name, rung.phone) for rung in choosing.ladder(ticket.place.get("project", ""))]
