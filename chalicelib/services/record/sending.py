"""Sending what `tell` queued: one message, by the ways in which its recipient can be reached.

    sent        at least one way took it
    held        the address, which nobody vouches for, had a day's worth (`ceilings.py`): it goes tomorrow, as one
                message for all that was too many today
    skipped     nobody to tell: the details were erased, the person is off the record and the link dead, or another
                message is held that speaks for it; or nothing new: a message that waited, and somebody has acted on
                it since
    failed      no way will take it, or none did until the last try: noted on the record, and rings
    known       not queued any more: this is a redelivery

A message is sent again only when it was taken and we were cut off before noting it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.adapters import mail, sms
from chalicelib.adapters.delivery import NotDelivered
from chalicelib.adapters.messages import come_again
from chalicelib.adapters.metrics import ring
from chalicelib.adapters.settings import settings
from chalicelib.domain.policy.telling import read_by_now
from chalicelib.domain.record import retries
from chalicelib.services.access import access, codes
from chalicelib.services.record import ceilings, registry
from chalicelib.services.record import record as recording
from chalicelib.services.record.registry import Recipient, RecordService
from chalicelib.store import messages, throttles
from chalicelib.store.grants import Grant
from chalicelib.store.messages import Message

DAY_SECONDS = 86400
HELD = "held"  # the template that says how many were too many


@dataclass(frozen=True, slots=True)
class Outcome:
    """`state`: see above; `via`: the ways that took it; `cause`: what the other ones said."""

    state: str
    via: str = ""
    cause: str = ""


def send(reference: str, sk: str, at: datetime, *, last: bool = False) -> Outcome:
    """Send a message that is queued. `last`: nobody will try again.

    Raises NotDelivered (or whatever went wrong) while a further try may help.
    """
    message = messages.get(reference, sk)
    if message is None or message.state != "queued":
        return Outcome("known")
    try:
        return _send(message, at)
    except Exception as fault:  # whatever it is: after the last try it must show on the record, not vanish
        if not (last or (isinstance(fault, NotDelivered) and fault.final)):
            raise
        _give_up(message, at)
        return Outcome("failed", cause=fault.cause if isinstance(fault, NotDelivered) else type(fault).__name__)


def try_later(reference: str, sk: str, receipt: str, tries: int, at: datetime, *, emergency: bool) -> None:
    """After so many tries that failed: when the queue brings it again, and not the sweep before it. May run twice."""
    wait = retries.wait(tries, emergency=emergency)
    come_again(receipt, wait)
    if not sk.startswith("TOLD#"):  # it stands on no record
        return
    message = messages.get(reference, sk)
    if message:
        messages.again(message, at + wait)


def _send(message: Message, at: datetime) -> Outcome:
    service = registry.of(message.record)
    record = recording.load(message.record)
    if record.version < message.event:
        record = recording.load(message.record, consistent=True)
    to = service.recipient(record, message.to)
    grant = service.link(record, message)
    spoken = _for_all(message, to) if message.held and to else message
    ways: dict[str, Callable[[], None]] = {}
    if to and to.phone:
        ways["sms"] = lambda: _by_sms(service, spoken, record, to, grant, at)
    if to and to.email:
        ways["mail"] = lambda: _by_mail(service, spoken, record, to, grant, at)
    seen = bool(message.waits) and not message.held and read_by_now(record.events[message.event :])
    if seen or not ways or (message.link == "ticket" and grant is None):
        messages.skipped(message)
        return Outcome("skipped")
    assert to is not None
    taken: list[str] = []
    refused: list[NotDelivered] = []
    for way, go in ways.items():
        kind, address = ("phone", to.phone) if way == "sms" else ("email", to.email)
        if kind not in to.sure and not ceilings.allows(kind, address, at):
            continue
        try:
            go()
            taken.append(way)
        except NotDelivered as fault:
            refused.append(fault)
            if kind not in to.sure:
                ceilings.take_back(kind, address, at)
    if not taken and not refused:
        return _hold(message, to, at)
    causes = " ".join(fault.cause for fault in refused)
    if not taken:
        final = all(fault.final for fault in refused)
        raise NotDelivered(causes, final=final, emergency=service.pressing(record))
    messages.sent(message, at, "+".join(taken))
    return Outcome("sent", "+".join(taken), causes)


def _hold(message: Message, to: Recipient, at: datetime) -> Outcome:
    """What is too many for an address today: the first of it waits for tomorrow, the others are told with it."""
    first = [ceilings.hold(way, address, message, at) for way, address in _unsure(to)]
    if any(first):
        messages.hold(message, at, ceilings.frees(at))
        return Outcome("held", cause="ceiling")
    messages.skipped(message)
    return Outcome("skipped", cause="ceiling")


def _for_all(message: Message, to: Recipient) -> Message:
    """The message in whose place it speaks of all that was too many on its day."""
    assert message.held is not None
    counts = [ceilings.held(way, address, message.held) for way, address in _unsure(to)]
    return replace(message, template=HELD, facts={"count": max([1, *counts])})


def _unsure(to: Recipient) -> list[tuple[str, str]]:
    """(way, address) of those that nobody vouches for."""
    ways = (("phone", to.phone), ("email", to.email))
    return [(way, address) for way, address in ways if address and way not in to.sure]


def _link(service: RecordService, grant: Grant | None) -> str:
    return f"{settings().public_url}/{service.path(grant)}/{access.token_to_send(grant)}" if grant else ""


def _by_sms(
    service: RecordService, message: Message, record: Any, to: Recipient, grant: Grant | None, at: datetime
) -> None:
    """Raises NotDelivered."""
    now = settings()
    form, link, code = "link" if grant else "plain", _link(service, grant), ""
    if grant and now.sms_form == "code":
        form, link, code = "code", "", codes.code_of(record.id, message.sk)
        codes.keep(to.phone, code, grant, at)
    posted = service.sms(record, message, to, at, link, code, f"{now.public_url}/c")
    if to.phone.startswith("+") and not _may_go_abroad(at):
        raise NotDelivered("abroad_ceiling", final=True)
    parameters = dict(posted.parameters or {})
    sms.send(to.phone, sms.Text(posted.text, f"{message.template}.{form}.{to.lang}", parameters))


def _may_go_abroad(at: datetime) -> bool:
    """Whether one more SMS may go to another country today: whoever sells numbers there is paid for each."""
    return throttles.allowed("sms-abroad", "", at, DAY_SECONDS, settings().sms_abroad_daily)


def _by_mail(
    service: RecordService, message: Message, record: Any, to: Recipient, grant: Grant | None, at: datetime
) -> None:
    """Raises NotDelivered."""
    posted = service.mail(record, message, to, at, _link(service, grant))
    mail.send(to.email, posted.subject, posted.text)


def _give_up(message: Message, at: datetime) -> None:
    """Note on the record that somebody was not told, and ring. May be repeated."""
    if command := registry.of(message.record).undelivered(message):
        recording.perform(command, message.record, at)
    messages.given_up(message)
    ring("MessagesFailed")
