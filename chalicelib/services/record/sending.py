"""Sending what `tell` queued: one message, by the ways in which its recipient can be reached.

    reporter    SMS and e-mail, whichever was left with the report
    staff       SMS; e-mail where no phone is known

    sent        at least one way took it
    skipped     nobody to tell: the details were erased, the person is off the ticket and the link dead, or an address
                that only the report names had a day's worth (`ceilings.py`); or nothing new: a message that waited,
                and staff have acted on the ticket since
    failed      no way will take it, or none did until the last try: shown on the ticket, and rings
    known       not queued any more: this is a redelivery

A message is sent again only when it was taken and we were cut off before noting it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.adapters import mail, sms
from chalicelib.adapters.delivery import NotDelivered
from chalicelib.adapters.messages import come_again
from chalicelib.adapters.metrics import ring
from chalicelib.adapters.settings import settings
from chalicelib.domain.policy.telling import read_by_now
from chalicelib.domain.record import retries
from chalicelib.domain.ticket.lifecycle import Command
from chalicelib.domain.ticket.ticket import SYSTEM, Ticket
from chalicelib.domain.ticket.trade import Priority
from chalicelib.language import wording
from chalicelib.services.access import access, codes
from chalicelib.services.access.access import NoAccess
from chalicelib.services.record import ceilings, record
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket import choosing
from chalicelib.store import messages, people, throttles
from chalicelib.store.grants import Grant
from chalicelib.store.messages import Message

DAY_SECONDS = 86400
QUOTED = frozenset({"cancelled", "cancelled_for_you"})  # an e-mail of these quotes what was written
PATHS = {"own": "o", "ticket": "t"}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who reads it. Personal."""

    name: str
    phone: str
    email: str
    lang: str
    owner: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """`state`: see above; `via`: the ways that took it; `cause`: what the other ones said."""

    state: str
    via: str = ""
    cause: str = ""


def send(ticket_id: str, sk: str, at: datetime, *, last: bool = False) -> Outcome:
    """Send a message that is queued. `last`: nobody will try again.

    Raises NotDelivered (or whatever went wrong) while a further try may help.
    """
    message = messages.get(ticket_id, sk)
    if message is None or message.state != "queued":
        return Outcome("known")
    try:
        return _send(message, at)
    except Exception as fault:  # whatever it is: after the last try it must show on the ticket, not vanish
        if not (last or (isinstance(fault, NotDelivered) and fault.final)):
            raise
        _give_up(message, at)
        return Outcome("failed", cause=fault.cause if isinstance(fault, NotDelivered) else type(fault).__name__)


def try_later(ticket_id: str, sk: str, receipt: str, tries: int, at: datetime, *, emergency: bool) -> None:
    """After so many tries that failed: when the queue brings it again, and not the sweep before it. May run twice."""
    wait = retries.wait(tries, emergency=emergency)
    come_again(receipt, wait)
    if not sk.startswith("TOLD#"):  # it stands on no ticket
        return
    message = messages.get(ticket_id, sk)
    if message:
        messages.again(message, at + wait)


def _send(message: Message, at: datetime) -> Outcome:
    ticket = record.load(message.ticket)
    if ticket.version < message.event:
        ticket = record.load(message.ticket, consistent=True)
    to = _recipient(ticket, message.to)
    grant = _grant(ticket, message)
    ways: dict[str, Callable[[], None]] = {}
    if to and to.phone:
        ways["sms"] = lambda: _by_sms(message, ticket, to, grant, at)
    if to and to.email:
        ways["mail"] = lambda: _by_mail(message, ticket, to, grant, at)
    seen = bool(message.waits) and read_by_now(ticket.events[message.event :])
    if seen or not ways or (message.link == "ticket" and grant is None):
        messages.skipped(message)
        return Outcome("skipped")
    assert to is not None
    taken: list[str] = []
    refused: list[NotDelivered] = []
    sure = ceilings.known(ticket) if to.owner else frozenset(("phone", "email"))
    for way, go in ways.items():
        kind, address = ("phone", to.phone) if way == "sms" else ("email", to.email)
        if kind not in sure and not ceilings.allows(kind, address, at):
            continue
        try:
            go()
            taken.append(way)
        except NotDelivered as fault:
            refused.append(fault)
            if kind not in sure:
                ceilings.take_back(kind, address, at)
    if not taken and not refused:
        messages.skipped(message)
        return Outcome("skipped", cause="ceiling")
    causes = " ".join(fault.cause for fault in refused)
    if not taken:
        final = all(fault.final for fault in refused)
        raise NotDelivered(causes, final=final, emergency=ticket.priority is Priority.EMERGENCY)
    messages.sent(message, at, "+".join(taken))
    return Outcome("sent", "+".join(taken), causes)


def _recipient(ticket: Ticket, to: str) -> Recipient | None:
    """Whoever it goes to, with the addresses as they are now; None when there is nobody any more."""
    if to == "reporter":
        said = ticket.said("reported")
        name = said.get("name", "") if "name" in ceilings.known(ticket) else ""
        return Recipient(name, said.get("phone", ""), said.get("email", ""), ticket.lang, True)
    staff = people.get(to)
    if staff is None or not staff.person.active:
        return None
    return Recipient(staff.person.name, staff.phone, "" if staff.phone else staff.email, staff.lang, False)


def _grant(ticket: Ticket, message: Message) -> Grant | None:
    """What the message's link opens; None for no link, or one that is dead by now."""
    if message.link == "own":
        return access.own_grant(ticket.id)
    if message.link != "ticket":
        return None
    try:
        grant = access.ticket_grant(ticket.id, message.to, "" if ticket.stands(message.to) else ticket.desk)
        access.actor_on(grant, ticket)
    except NoAccess:
        return None
    return grant


def _link(grant: Grant | None) -> str:
    return f"{settings().public_url}/{PATHS[grant.kind]}/{access.token_to_send(grant)}" if grant else ""


def _by_sms(message: Message, ticket: Ticket, to: Recipient, grant: Grant | None, at: datetime) -> None:
    """Raises NotDelivered."""
    now = settings()
    known = wording.facts(ticket, policy_for(ticket.place), message.template, message.facts, to.lang, at, short=True)
    form, link, code = "plain", _link(grant), ""
    if grant:
        form = "link"
    if grant and now.sms_form == "code":
        form, link, code = "code", "", codes.code_of(ticket.id, message.sk)
        codes.keep(to.phone, code, grant, at)
    page = f"{now.public_url}/c"
    text = wording.sms(message.template, known, to.lang, now.sms_signature, link=link, code=code, page=page)
    carried = {"link": link, "code": code}
    parameters = known | {name: value for name, value in carried.items() if value}
    if to.phone.startswith("+") and not _may_go_abroad(at):
        raise NotDelivered("abroad_ceiling", final=True)
    sms.send(to.phone, sms.Text(text, f"{message.template}.{form}.{to.lang}", parameters))


def _may_go_abroad(at: datetime) -> bool:
    """Whether one more SMS may go to another country today: whoever sells numbers there is paid for each."""
    return throttles.allowed("sms-abroad", "", at, DAY_SECONDS, settings().sms_abroad_daily)


def _by_mail(message: Message, ticket: Ticket, to: Recipient, grant: Grant | None, at: datetime) -> None:
    """Raises NotDelivered."""
    said = ticket.events[message.event - 1].said if message.template in QUOTED else {}
    told = {**message.facts, **({"words": said["words"]} if said.get("words") else {})}
    letter = wording.mail(
        message.template,
        wording.facts(ticket, policy_for(ticket.place), message.template, told, to.lang, at),
        ticket,
        to.lang,
        settings().sms_signature,
        name=to.name,
        link=_link(grant),
        ladder=_ladder(ticket) if to.owner else (),
        owner=to.owner,
    )
    mail.send(to.email, letter.subject, letter.body)


def _ladder(ticket: Ticket) -> list[tuple[str, str]]:
    """Names and phones of the desks that answer for the ticket's project, from the nearest up."""
    return [(rung.name, rung.phone) for rung in choosing.ladder(ticket.place.get("project", ""))]


def _give_up(message: Message, at: datetime) -> None:
    """Note on the ticket that somebody was not told, and ring. May be repeated."""
    facts = {"message": message.sk, "template": message.template, "to": message.to}
    command = Command("note_failed_message", SYSTEM, facts, key=f"failed/{message.sk}")
    record.perform(command, message.ticket, at)
    messages.given_up(message)
    ring("MessagesFailed")
